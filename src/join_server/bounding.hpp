#pragma once

#include <cstdint>
#include <deque>
#include <optional>
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

    // Sends what can be judged by what the survey found of each pair, `due`, so that the server works while
    // the next are begun. The pairs must live until their end().
    void begin(std::span<const PairKeys> pairs, std::span<const Survey::Due> due);
    // Brings those to an end that were begun first. How many those were; 0 where none are left.
    std::size_t end();
    [[nodiscard]] std::size_t under_way() const { return under_way_.size(); }

    [[nodiscard]] std::int64_t removed() const { return removed_; }
    [[nodiscard]] std::int64_t lists() const { return lists_; }
    [[nodiscard]] std::int64_t orphans() const { return orphans_; }
    [[nodiscard]] const operation::Failures& failures() const { return failures_; }

  private:
    // Pairs whose changes are decided by the same facts.
    struct Turn {
        std::size_t pairs = 0;
        std::vector<PairKeys> others;  // whose facts must be read first
        std::vector<PairKeys> changing;
        std::vector<PairFacts> facts;
        std::vector<PairChange> changes;
        std::optional<Application> sent;
    };
    Turn decided(std::span<const PairKeys> pairs, std::vector<PairFacts> facts);
    void receive(Turn& turn);
    void change_pending();
    void note(const Turn& turn, const Applied& applied);
    void note(const PairChange& change, lorawan::Guarded outcome);
    void change_in_line(const PairKeys& keys);

    key_space::Session& session_;
    std::size_t limit_;
    std::deque<Turn> under_way_;
    std::vector<PairKeys> pending_;
    bool only_held_ = false;
    std::int64_t removed_ = 0;
    std::int64_t lists_ = 0;
    std::int64_t orphans_ = 0;
    operation::Failures failures_;
};

}  // namespace tti::join_server
