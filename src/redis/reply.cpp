#include "redis/reply.hpp"

#include <charconv>

#include <fmt/format.h>
#include <hiredis/hiredis.h>

#include "redis/error.hpp"

namespace tti::redis {
namespace {

std::string_view kind_of(const redisReply& reply) {
    switch (reply.type) {
        case REDIS_REPLY_STRING:
        case REDIS_REPLY_STATUS:
            return "a text";
        case REDIS_REPLY_ARRAY:
            return "a list";
        case REDIS_REPLY_INTEGER:
            return "a number";
        case REDIS_REPLY_NIL:
            return "nothing";
        case REDIS_REPLY_ERROR:
            return "an error";
        default:
            return "something unknown";
    }
}

[[noreturn]] void surprise(std::string_view expected, const redisReply& reply) {
    throw ProtocolError(
        fmt::format("Redis answered with {} where {} was expected", kind_of(reply), expected));
}

}  // namespace

bool ReplyView::is_nil() const {
    return reply_->type == REDIS_REPLY_NIL;
}

bool ReplyView::is_error() const {
    return reply_->type == REDIS_REPLY_ERROR;
}

bool ReplyView::is_text() const {
    return reply_->type == REDIS_REPLY_STRING || reply_->type == REDIS_REPLY_STATUS;
}

bool ReplyView::is_integer() const {
    return reply_->type == REDIS_REPLY_INTEGER;
}

bool ReplyView::is_array() const {
    return reply_->type == REDIS_REPLY_ARRAY;
}

std::string_view ReplyView::text() const {
    if (!is_text()) {
        surprise("a text", *reply_);
    }
    return {reply_->str, reply_->len};
}

std::string_view ReplyView::error() const {
    if (!is_error()) {
        surprise("an error", *reply_);
    }
    return {reply_->str, reply_->len};
}

std::int64_t ReplyView::integer() const {
    if (!is_integer()) {
        surprise("a number", *reply_);
    }
    return reply_->integer;
}

std::int64_t ReplyView::number() const {
    if (is_integer()) {
        return reply_->integer;
    }
    const std::string_view digits = text();
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) {
        surprise("a number in base 10", *reply_);
    }
    return value;
}

std::size_t ReplyView::size() const {
    if (is_nil()) {
        return 0;
    }
    if (!is_array()) {
        surprise("a list", *reply_);
    }
    return reply_->elements;
}

ReplyView ReplyView::operator[](std::size_t index) const {
    if (index >= size()) {
        throw ProtocolError(
            fmt::format("Redis answered with a list of {}, too short by {}", size(), index + 1 - size()));
    }
    return ReplyView(reply_->element[index]);
}

Reply::Reply(redisReply* owned) : reply_(owned, [](redisReply* reply) { freeReplyObject(reply); }) {}

}  // namespace tti::redis
