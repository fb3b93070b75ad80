#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "redis/connection.hpp"

namespace tti::stale_records {

// The letters are those of the script.
enum class Act : char {
    key = 'u',      // the whole key
    pointer = '?',  // the key, if its value is `item`
    scored = 'z',   // member `item` of a sorted set
    field = 'h',    // field `item` of a hash
    member = 's',   // member `item` of a set
    entry =
        'x',  // entry `item` of a stream, acknowledged first: a dangling one would stop the server's consumer
};

struct Deletion {
    Act act;
    std::string key;
    std::string item = {};
};

// What goes together, in one atomic piece, if nothing has changed since it was looked at.
struct Removal {
    std::string lock;    // the key whose mutex must be free; empty: none
    std::string record;  // its value must be `expected`; empty: no such condition
    std::string expected;
    std::string missing;  // this key must not exist; empty: no such condition
    std::vector<Deletion> deletions;
};

enum class Outcome : std::uint8_t {
    done = 0,
    changed = 1,  // the record is another one now
    busy = 2,     // somebody holds its mutex
    gone = 3,     // the record is not there any more
    needed = 4,   // what must be missing is there
};

// Not more than this in one call, so that the server is not blocked for more than about a millisecond.
inline constexpr std::size_t most_removals = 64;

// One script, so nobody comes in between. `owner` may hold the mutexes. Must be told before:
// use_guarded_removal().
std::vector<Outcome> remove_guarded(redis::Connection& connection, std::span<const Removal> removals,
                                    std::string_view owner = {});
void use_guarded_removal(redis::Connection& connection);

}  // namespace tti::stale_records
