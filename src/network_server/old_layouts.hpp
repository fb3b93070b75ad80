#pragma once

#include <functional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "key_space/session.hpp"
#include "key_space/walk.hpp"
#include "operation/amount.hpp"
#include "operation/failures.hpp"

namespace tti::network_server {

// Layouts of key space ns:devices before 3.11, and of snapshots of 3.11, as today's:
//   uid:<uid>:fields (hash, 3.10)                    removed
//   addr:<DevAddr> (set, before 3.10)                made from the records, member by member
//   addr:<DevAddr>:16bit, :32bit (zset, 3.10)        the same
//   addr:<DevAddr>:pending (set, 3.10)               becomes a set addr:<DevAddr>, then as above
//   addr:<DevAddr>:{current,pending}:fields          values of another MessagePack are made from the records
// A member whose record is gone, or has no such address, is dropped with the old layout: nobody reads that.
class OldLayouts {
  public:
    explicit OldLayouts(key_space::Session& session) : session_(session) {}

    static std::vector<lorawan::KeyKind> kinds();
    // Adds what of these keys is old to `due`; reads only.
    void survey(std::span<const key_space::FoundKey> page, operation::Amounts& due);
    // Forgets what a survey could not read.
    void begin() { failures_.clear(); }
    // Converts what of these keys is old, and may be called again when the connection was lost meanwhile.
    // What cannot be converted goes to failures().
    void convert(std::span<const key_space::FoundKey> page, operation::StepContext& step);

    // What was converted, dropped and removed.
    [[nodiscard]] const operation::Amounts& counts() const { return counts_; }
    [[nodiscard]] const operation::Failures& failures() const { return failures_; }

  private:
    void count(operation::StepContext& step, const char* what, std::int64_t number);
    void convert_members(std::span<const key_space::FoundKey> keys, operation::StepContext& step);
    void remove_field_hashes(std::span<const key_space::FoundKey> hashes, operation::StepContext& step);

    key_space::Session& session_;
    // Where pending sets went whose members are still to be converted: called again, the page does not tell.
    std::set<std::string, std::less<>> moved_;
    operation::Amounts counts_;
    operation::Failures failures_;
};

// The keys that release 3.15 and before kept of the last downlink queue invalidation (key space
// ns:application-uplinks).
std::vector<lorawan::KeyKind> last_invalidation_kinds();
std::int64_t remove_last_invalidations(key_space::Session& session,
                                       std::span<const key_space::FoundKey> page);

}  // namespace tti::network_server
