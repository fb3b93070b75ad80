#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "redis/connection.hpp"

namespace tti::key_space {

// What some keys take of the server's memory, and how many entries lie in them (of a stream, list, set,
// sorted set or hash; a string has none). Keys that are gone do not count.
struct SizeSample {
    std::int64_t keys = 0;
    std::int64_t bytes = 0;
    std::int64_t entries = 0;
};
// `type` is that of Redis; empty: entries are not counted.
SizeSample sample_sizes(redis::Connection& connection, std::span<const std::string> keys,
                        std::string_view type);

// The command that counts what lies in a key of that type of Redis: "XLEN"; empty where there is nothing to
// count.
std::string_view counting_command(std::string_view type);

// "12.3 MiB".
std::string bytes_text(std::int64_t bytes);

}  // namespace tti::key_space
