#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "join_server/apply_changes.hpp"
#include "join_server/survey.hpp"
#include "operation/failures.hpp"

namespace tti::join_server {

// Makes pairs right while a Join Server may be at work on them: orphaned session keys and those over the
// limit go, and the list names what stays. A key that joined since the survey stays.
class Bounding {
  public:
    Bounding(key_space::Session& session, std::size_t limit) : session_(session), limit_(limit) {}

    // `due` is of each pair, what the survey found.
    void batch(std::span<const PairKeys> pairs, std::span<const Survey::Due> due);

    [[nodiscard]] std::int64_t removed() const { return removed_; }
    [[nodiscard]] std::int64_t lists() const { return lists_; }
    [[nodiscard]] std::int64_t orphans() const { return orphans_; }
    [[nodiscard]] const operation::Failures& failures() const { return failures_; }

  private:
    void change(std::vector<PairFacts> facts);
    void note(const PairChange& change, lorawan::Guarded outcome);
    void change_in_line(const PairKeys& keys);

    key_space::Session& session_;
    std::size_t limit_;
    std::vector<PairKeys> pending_;
    bool only_held_ = false;
    std::int64_t removed_ = 0;
    std::int64_t lists_ = 0;
    std::int64_t orphans_ = 0;
    operation::Failures failures_;
};

}  // namespace tti::join_server
