#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

struct redisReply;

namespace tti::redis {

// A reply, or an element of one. Lives as long as the Reply (or the call of a handler) it came from.
// Asking for what it is not throws ProtocolError, so that a surprising server cannot be misread.
class ReplyView {
  public:
    explicit ReplyView(const redisReply* reply) : reply_(reply) {}

    [[nodiscard]] bool is_nil() const;
    [[nodiscard]] bool is_error() const;
    [[nodiscard]] bool is_text() const;  // bulk or simple string
    [[nodiscard]] bool is_integer() const;
    [[nodiscard]] bool is_array() const;
    [[nodiscard]] std::string_view text() const;   // bulk or simple string
    [[nodiscard]] std::string_view error() const;  // as the server sent it
    [[nodiscard]] std::int64_t integer() const;
    [[nodiscard]] std::int64_t number() const;  // an integer, or a text that is one in base 10
    [[nodiscard]] std::size_t size() const;     // of an array; a nil array has none
    [[nodiscard]] ReplyView operator[](std::size_t index) const;

  private:
    const redisReply* reply_;
};

class Reply {
  public:
    explicit Reply(redisReply* owned);
    [[nodiscard]] ReplyView view() const { return ReplyView(reply_.get()); }
    // For short: reply->text().
    struct Arrow {
        ReplyView view;
        const ReplyView* operator->() const { return &view; }
    };
    Arrow operator->() const { return {view()}; }

  private:
    std::unique_ptr<redisReply, void (*)(redisReply*)> reply_;
};

}  // namespace tti::redis
