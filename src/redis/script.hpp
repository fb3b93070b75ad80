#pragma once

#include <span>
#include <string>
#include <string_view>

#include "redis/commands.hpp"

namespace tti::redis {

// A Lua script, by its source and the SHA-1 that the server knows it by. Connection::use() loads it, at every
// reconnect too, so that EVALSHA finds it.
class Script {
  public:
    explicit Script(std::string_view source);
    [[nodiscard]] const std::string& source() const { return source_; }
    [[nodiscard]] const std::string& sha1() const { return sha1_; }

    // Appends EVALSHA with these keys and arguments.
    void add_to(Commands& commands, std::span<const std::string_view> keys,
                std::span<const std::string_view> arguments) const;

  private:
    std::string source_;
    std::string sha1_;
};

}  // namespace tti::redis
