#pragma once

#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>

#include "util/expected.hpp"

namespace tti::local {

// As much of Redis' protocol as asking a server how it is takes; replies that are lists are not understood.
class RedisClient {
  public:
    // Connects with a time-out of two seconds for every wait; the first command tells of a failure.
    explicit RedisClient(const std::filesystem::path& socket);
    RedisClient(const RedisClient&) = delete;
    RedisClient& operator=(const RedisClient&) = delete;
    ~RedisClient();

    // The reply's text; a failure is the server's error, or that of the connection.
    Expected<std::string> command(std::initializer_list<std::string_view> words);

  private:
    Expected<std::string> read_line();
    Expected<std::string> read_bytes(std::size_t size);
    bool receive();
    int socket_ = -1;
    std::string problem_;
    std::string received_;
};

}  // namespace tti::local
