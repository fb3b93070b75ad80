#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "key_space/session.hpp"
#include "network_server/guarded_change.hpp"
#include "network_server/record_index.hpp"
#include "operation/failures.hpp"

namespace tti::network_server {

enum class Nature : std::uint8_t {
    missing,    // the record has it, the index does not
    wrong,      // the index holds something else
    left_over,  // the index has it, the record does not, or is gone
    conflict,   // it points to another record, which has it too: stays
};
std::string_view words(Nature nature);
// "session addresses missing".
std::string words(Nature nature, IndexKind kind);

struct Difference {
    std::size_t entry = 0;  // its number in what was compared
    Nature nature = Nature::missing;
    // Of an EUI or a relay rule that is wrong: to whom it points, and that one's record.
    std::string holder;
    std::optional<std::string> holder_value;
};

// Looks up entries that records must have, in two or three round trips. What cannot be looked up (a key of
// another type) goes to `failures`.
std::vector<Difference> compare(key_space::Session& session, std::span<const IndexEntry> entries,
                                operation::Failures& failures);

// Appends what makes the entry as it must be, or what takes it out of the index.
void add_repair(GuardedChange& change, const lorawan::Keys& keys, const IndexEntry& entry,
                const Difference& difference);
void add_entry(GuardedChange& change, const IndexEntry& entry);
void add_removal(GuardedChange& change, const IndexEntry& entry);

}  // namespace tti::network_server
