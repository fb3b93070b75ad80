#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "join_server/session_keys.hpp"
#include "key_space/session.hpp"

namespace tti::join_server {

// What the database holds of a pair besides its session keys.
struct PairFacts {
    bool has_device = false;
    std::vector<std::string> list;    // session key IDs as the stack listed them
    std::vector<std::string> joined;  // those of the list that are no session keys of PairKeys, yet exist
    std::string fault;                // why nothing can be done about it
};

enum class PairState : std::uint8_t {
    right,
    orphan,    // no device has these EUIs: session keys and list go
    unlisted,  // there is no list yet
    to_write,  // the list is not as it should be, or there are more keys than the limit
    faulty,
};

// What makes a pair right. The views are into its PairKeys and PairFacts.
struct PairChange {
    PairState state = PairState::right;
    EuiPair pair;
    std::span<const std::string> expected;  // the list as it was read
    std::vector<std::string_view> removed;  // session keys that go
    std::vector<std::string_view> kept;     // the list as it should be, oldest first
};

// `limit` is how many session keys a device keeps; 1 or more.
PairChange decide(const PairKeys& keys, const PairFacts& facts, std::size_t limit);

// Reads the facts of many pairs.
std::vector<PairFacts> read_facts(key_space::Session& session, std::span<const PairKeys> pairs);

}  // namespace tti::join_server
