#pragma once

#include <string>
#include <vector>

#include "key_space/walk.hpp"
#include "lorawan/keys.hpp"
#include "stale_records/guarded_removal.hpp"

namespace tti::stale_records {

// A key that seems to be of no use any more.
struct Candidate {
    lorawan::KeyKind kind;
    std::string key;
    std::string owner;  // the device UID or application ID that it stands or falls with; empty: asks nobody
    std::string item;   // webhook ID, port, …
    std::string missing = {};  // goes only while this key does not exist
};
// "app1.dev1", "app1:hook": as an operator would look for it.
std::string describe(const Candidate& candidate);

// The record at that key, its owner taken from the key.
Candidate record_candidate(const key_space::FoundKey& found);

// Everything that goes with it, its value given (of a string; else empty). `unreadable` is set where the
// record cannot be decoded: then what depends on its content is left to the search for orphans.
Removal make_removal(const lorawan::Keys& keys, const Candidate& candidate, std::string_view value,
                     bool& unreadable);

}  // namespace tti::stale_records
