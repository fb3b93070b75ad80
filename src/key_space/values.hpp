#pragma once

#include <cstddef>
#include <functional>
#include <memory>
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

    // The same in two halves, so that the server works meanwhile: at most room() keys at once. receive()
    // leaves the replies in `sent`, and the values live as long as that; it asks once more where the
    // connection was lost.
    [[nodiscard]] std::size_t room() const;
    std::shared_ptr<redis::Sent> send(std::span<const std::string_view> keys);
    void receive(std::span<const std::string_view> keys, std::shared_ptr<redis::Sent>& sent,
                 std::vector<std::optional<std::string_view>>& values);

  private:
    redis::Commands command(std::span<const std::string_view> keys);
    void take(redis::ReplyView reply, std::size_t wanted,
              std::vector<std::optional<std::string_view>>& values);

    redis::Connection& connection_;
    // Larger than most at first: what comes is not known yet.
    std::size_t typical_bytes_ = 8192;
    std::vector<std::string_view> words_;
};

}  // namespace tti::key_space
