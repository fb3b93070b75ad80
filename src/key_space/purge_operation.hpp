#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "key_space/key_list.hpp"
#include "key_space/undo.hpp"
#include "key_space/walk.hpp"
#include "operation/operation.hpp"

namespace tti::key_space {

// What a purge removes: whole keys of some kinds.
struct Purge {
    std::string command;  // "ns-db purge"
    std::string title;    // "purge the queues of releases up to 3.27"
    std::string why;      // "no release since 3.28 reads them"
    std::string nothing;  // told where there is none of them
    std::vector<lorawan::KeyKind> kinds;
    // Looks around before anything is removed, and adds refusals and notes.
    std::function<void(Session&, operation::Plan&)> look = {};
};

// One SCAN finds and counts them; what was counted goes, and no key that came since. Repeatable, in memory
// that does not grow with the keys.
class PurgeOperation final : public operation::Operation {
  public:
    PurgeOperation(Session& session, Purge purge, undo::Place place);

    operation::Plan plan() override;
    std::string result_text() override;
    nlohmann::json result_data() override;

  private:
    void count();
    void note_size(operation::Plan& plan);
    [[nodiscard]] operation::Step step();
    void run(operation::StepContext& context);

    Session& session_;
    Purge purge_;
    undo::Place place_;
    UndoRows undo_;
    std::map<lorawan::KeyKind, std::int64_t> counts_;
    // The first few of each kind: SCAN's order is that of the keys' hashes, so they stand for all.
    std::map<lorawan::KeyKind, std::vector<std::string>> samples_;
    KeyList found_;  // empty in a dry run
    std::int64_t planned_ = 0;
    std::int64_t removed_ = 0;
};

// Options of a command that purges.
std::vector<settings::Option> purge_options();

}  // namespace tti::key_space
