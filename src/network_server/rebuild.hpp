#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "key_space/session.hpp"
#include "key_space/values.hpp"
#include "key_space/walk.hpp"
#include "network_server/index_claims.hpp"
#include "network_server/index_difference.hpp"
#include "operation/amount.hpp"
#include "operation/failures.hpp"

namespace tti::network_server {

// Everything under addr:, eui: and relay:rules: against the uid: records: first what the records must have,
// then what the indexes have besides. Servers of the stack may be writing meanwhile.
class IndexRebuild {
  public:
    explicit IndexRebuild(key_space::Session& session) : session_(session), reader_(session.connection()) {}

    // Reads only, and looks again at what differs, so that nothing is told that was only being written.
    void survey();
    void run(operation::StepContext& step);

    // By nature and kind: "session addresses missing". Of run(): what was repaired.
    [[nodiscard]] const operation::Amounts& differences() const { return differences_; }
    // An EUI or a served device that two records claim: the index is left as it is.
    [[nodiscard]] const operation::Failures& conflicts() const { return conflicts_; }
    [[nodiscard]] const operation::Failures& failures() const { return failures_; }
    [[nodiscard]] std::int64_t records() const { return records_; }

  private:
    struct Record {
        std::string uid;
        std::string key;
    };
    void both_ways(operation::StepContext* step);
    void look_at_records(std::span<const key_space::FoundKey> page, operation::StepContext* step);
    void look_at_claims(const std::vector<Claim>& claims, operation::StepContext* step);
    std::vector<Record> differing_of(std::span<const Record> records, bool counts);
    std::vector<Claim> unfounded(std::span<const Claim> claims);
    std::vector<Claim> still_there(std::span<const Claim> claims);
    void told(Nature nature, const IndexEntry& entry);
    void count(Nature nature, IndexKind kind, operation::StepContext* step);

    key_space::Session& session_;
    key_space::ValueReader reader_;
    operation::Amounts differences_;
    operation::Failures conflicts_;
    operation::Failures failures_;
    std::int64_t records_ = 0;
    // Keys that were told as wrong, so that the way back does not tell them again; only of a survey.
    std::unordered_set<std::string> wrong_;
};

}  // namespace tti::network_server
