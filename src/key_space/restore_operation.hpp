#pragma once

#include <deque>
#include <functional>
#include <string>
#include <unordered_set>
#include <vector>

#include "key_space/restore_rows.hpp"
#include "key_space/session.hpp"
#include "operation/operation.hpp"
#include "operation/undo_file.hpp"

namespace tti::key_space {

// Brings the rows of an undo file back where they are missing, the last batch first. Repeatable: what is
// there already stays as it is.
class RestoreOperation final : public operation::Operation {
  public:
    RestoreOperation(Session& session, operation::UndoReader reader, OnChange on_change);

    operation::Plan plan() override;
    std::string result_text() override;
    nlohmann::json result_data() override;

  private:
    struct Counts {
        std::int64_t missing = 0;
        std::int64_t identical = 0;
        std::int64_t changed = 0;
        void add(const std::vector<Found>& found);
    };
    // Hands out all rows in bounded portions; of rows that bring the same back, the last one alone.
    void each_portion(const std::function<void(std::span<const UndoneRow>)>& work);
    void count();
    [[nodiscard]] operation::Step step();
    void run(operation::StepContext& context);
    [[nodiscard]] std::vector<Found> bring_back_portion(std::span<const UndoneRow> rows);

    Session& session_;
    operation::UndoReader reader_;
    OnChange on_change_;
    std::string restored_key_;
    Counts planned_;
    Counts done_;
    std::vector<std::string> changed_keys_;  // some of them
};

}  // namespace tti::key_space
