#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lorawan/end_device.hpp"
#include "lorawan/keys.hpp"
#include "util/expected.hpp"

namespace tti::network_server {

// The indexes beside the records of the Network Server.
enum class IndexKind : std::uint8_t {
    current,  // addr:<DevAddr>:current and its fields
    pending,  // addr:<DevAddr>:pending and its fields
    eui,      // eui:<JoinEUI>:<DevEUI>
    relay,    // relay:rules:<served device>
};
// What an operator calls its entries: "session addresses".
std::string_view words(IndexKind kind);

// An entry that a record has, or that points to it.
struct IndexEntry {
    IndexKind kind = IndexKind::current;
    std::string key;  // of an address: the sorted set
    std::string uid;  // the device it is about: the member, or the value of the key
    // Of an address alone: its hash beside the set, and what both must hold. A pending one's score is the
    // time when it was added, which no record tells.
    std::string fields_key;
    std::string score;
    std::string fields;
};

// Every entry that the record at uid:<uid> must have, as the stack keeps them. `value` is the text form. The
// error names what is malformed.
Expected<std::vector<IndexEntry>> index_of(const lorawan::Keys& keys, std::string_view uid,
                                           std::string_view value);
// The entry of that kind and key among these; none: nullptr.
const IndexEntry* find_entry(const std::vector<IndexEntry>& entries, IndexKind kind, std::string_view key);

// Now, as the score of a pending address: Unix nanoseconds.
std::string score_of_now();

}  // namespace tti::network_server
