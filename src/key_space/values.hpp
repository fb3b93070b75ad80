#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "redis/connection.hpp"

namespace tti::key_space {

// Reads the string values of many keys with MGET, so many at once that about a MiB is under way, whatever the
// size of the values (it learns from those before). `each` gets the index of the key and its value; nothing
// where it is gone or no string. Keep one reader for a whole walk.
class ValueReader {
  public:
    explicit ValueReader(redis::Connection& connection) : connection_(connection) {}
    void read(std::span<const std::string_view> keys,
              const std::function<void(std::size_t, std::optional<std::string_view>)>& each);

  private:
    redis::Connection& connection_;
    std::size_t typical_bytes_ = 512;
};

}  // namespace tti::key_space
