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

void Channel::send(const Commands& commands) {
    awaited_ += commands.size();
    unsent_.emplace_back(commands.bytes());
    if (unsent_.size() == 1) {
        note_sent(transport_->send(unsent_.front()));
    }
}

void Channel::note_sent(std::size_t bytes) {
    if (unsent_.empty()) {
        return;
    }
    unsent_.front().remove_prefix(bytes);
    if (unsent_.front().empty()) {
        unsent_.pop_front();
    }
}

// Until some bytes came, or went.
void Channel::wait(std::chrono::milliseconds extra) {
    const auto unsent = unsent_.empty() ? std::string_view() : unsent_.front();
    const auto progress = transport_->exchange(unsent, Transport::Clock::now() + reply_timeout_ + extra);
    note_sent(progress.sent);
    reader_.feed(progress.received);
}

void Channel::receive(std::size_t count, std::chrono::milliseconds extra,
                      const std::function<void(std::size_t, Reply)>& each) {
    for (std::size_t index = 0; index < count;) {
        if (redisReply* reply = reader_.next()) {
            Reply owned(reply);
            refuse_when_full(owned.view());
            --awaited_;
            each(index++, std::move(owned));
        } else {
            wait(extra);
        }
    }
    if (awaited_ > 0) {
        return;
    }
    if (redisReply* reply = reader_.next()) {
        const Reply owned(reply);
        throw ProtocolError("it sent more replies than it was asked for");
    }
}

void Channel::exchange(const Commands& commands, std::chrono::milliseconds extra,
                       const std::function<void(std::size_t, Reply)>& each) {
    send(commands);
    receive(commands.size(), extra, each);
}

Reply Channel::single(const Commands& one, std::chrono::milliseconds extra) {
    std::optional<Reply> result;
    exchange(one, extra, [&result](std::size_t, Reply reply) { result = std::move(reply); });
    return std::move(*result);
}

}  // namespace tti::redis
