#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "backup/key_file.hpp"
#include "backup/key_scope.hpp"
#include "redis/connection.hpp"

namespace tti::backup {

// Keys of a server: a name space with its colon, and which of it.
struct KeyPlace {
    std::string name_space;
    KeyScope scope;
};

// Hands out every key with its value and expiry, in the order of SCAN; a key that SCAN gives twice comes
// twice. About a MiB is under way at once, whatever the size of the values (it learns from those before), and
// the server is at the next ones while `each` works. Survives a lost connection. `between` is called between
// batches, with how many keys the last one had; it may end the walk by throwing.
void read_keys(redis::Connection& connection, const KeyPlace& place,
               const std::function<void(const ArchivedKey&)>& each,
               const std::function<void(std::size_t)>& between);

// Whether there is any, without its value.
bool has_keys(redis::Connection& connection, const KeyPlace& place);

// Removes all of them; `between` as above.
void remove_keys(redis::Connection& connection, const KeyPlace& place,
                 const std::function<void(std::size_t)>& between);

// Milliseconds since 1970 by the server's clock.
std::int64_t server_time(redis::Connection& connection);

}  // namespace tti::backup
