#include "redis/channel.hpp"

#include <optional>

#include "redis/error.hpp"

namespace tti::redis {

namespace {

// The answer to whatever comes first, before the server closes the connection.
void refuse_when_full(ReplyView reply) {
    if (reply.is_error() && reply.error().starts_with("ERR max number of clients")) {
        throw TransportError("it has as many clients as it takes",
                             "Wait until other clients have left, or raise maxclients of the server.");
    }
}

}  // namespace

void Channel::exchange(const Commands& commands, std::chrono::milliseconds extra,
                       const std::function<void(std::size_t, Reply)>& each) {
    std::string_view unsent = commands.bytes();
    for (std::size_t index = 0; index < commands.size();) {
        const auto progress = transport_->exchange(unsent, Transport::Clock::now() + reply_timeout_ + extra);
        unsent.remove_prefix(progress.sent);
        reader_.feed(progress.received);
        while (redisReply* reply = reader_.next()) {
            Reply owned(reply);
            refuse_when_full(owned.view());
            if (index == commands.size()) {
                throw ProtocolError("it sent more replies than it was asked for");
            }
            each(index++, std::move(owned));
        }
    }
}

Reply Channel::single(const Commands& one, std::chrono::milliseconds extra) {
    std::optional<Reply> result;
    exchange(one, extra, [&result](std::size_t, Reply reply) { result = std::move(reply); });
    return std::move(*result);
}

}  // namespace tti::redis
