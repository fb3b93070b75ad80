#include "key_space/values.hpp"

#include <algorithm>
#include <utility>

namespace tti::key_space {
namespace {

constexpr std::size_t wanted_window_bytes = std::size_t{1} << 20U;
constexpr std::size_t most_window_keys = 512;

}  // namespace

std::size_t ValueReader::room() const {
    return std::clamp<std::size_t>(wanted_window_bytes / typical_bytes_, 1, most_window_keys);
}

redis::Commands ValueReader::command(std::span<const std::string_view> keys) {
    words_.assign({"MGET"});
    words_.insert(words_.end(), keys.begin(), keys.end());
    redis::Commands command;
    command.add(std::span<const std::string_view>(words_));
    return command;
}

void ValueReader::take(redis::ReplyView reply, std::size_t wanted,
                       std::vector<std::optional<std::string_view>>& values) {
    if (reply.size() != wanted) {
        throw redis::ProtocolError("MGET answered with another number of values than it was asked for");
    }
    values.clear();
    std::size_t bytes = 0;
    for (std::size_t index = 0; index < wanted; ++index) {
        const auto value = reply[index];
        values.push_back(value.is_nil() ? std::nullopt : std::optional(value.text()));
        if (values.back()) bytes += values.back()->size();
    }
    // Up at once, down slowly.
    typical_bytes_ = std::max<std::size_t>({bytes / wanted, typical_bytes_ * 3 / 4, 1});
}

void ValueReader::read(std::span<const std::string_view> keys,
                       const std::function<void(std::size_t, std::optional<std::string_view>)>& each) {
    std::vector<std::optional<std::string_view>> values;
    for (std::size_t first = 0; first < keys.size();) {
        const auto chunk = keys.subspan(first, std::min(room(), keys.size() - first));
        const auto reply = connection_.single(command(chunk));
        take(reply.view(), chunk.size(), values);
        for (std::size_t index = 0; index < chunk.size(); ++index) each(first + index, values[index]);
        first += chunk.size();
    }
}

std::shared_ptr<redis::Sent> ValueReader::send(std::span<const std::string_view> keys) {
    try {
        return connection_.send(command(keys));
    } catch (const redis::ConnectionError&) {
        return nullptr;  // receive() makes the connection again
    }
}

void ValueReader::receive(std::span<const std::string_view> keys, std::shared_ptr<redis::Sent>& sent,
                          std::vector<std::optional<std::string_view>>& values) {
    connection_.repeat([&] {
        const auto asked = sent ? std::exchange(sent, nullptr) : connection_.send(command(keys));
        connection_.receive(asked, [&](std::size_t, redis::ReplyView reply) {
            if (reply.is_error()) {
                throw redis::server_error(reply.error(), "MGET", connection_.target().display());
            }
            take(reply, keys.size(), values);
        });
        sent = asked;
    });
}

}  // namespace tti::key_space
