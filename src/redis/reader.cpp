#include "redis/reader.hpp"

#include <algorithm>
#include <charconv>
#include <new>
#include <string_view>

#include <fmt/format.h>
#include <hiredis/hiredis.h>

#include "redis/error.hpp"

namespace tti::redis {
namespace {

// The longest text that Redis itself takes (proto-max-bulk-len).
constexpr std::int64_t longest_text = 512LL << 20;
// Of a line: a number, a status, an error.
constexpr std::size_t longest_line = 16UL << 10;
// Of one list; a client asks for pages far below it.
constexpr int longest_list = 16 << 20;
// What the buffer of an idle reader may hold on to, after a long text.
constexpr std::size_t most_kept = 256UL << 10;
// hiredis moves what is left of its buffer after every KiB it has read, so the buffer is kept short.
constexpr std::size_t slice = 8UL << 10;

const redisReplyObjectFunctions& hiredis_functions() {
    static const redisReplyObjectFunctions functions = [] {
        const std::unique_ptr<redisReader, void (*)(redisReader*)> reader(redisReaderCreate(),
                                                                          redisReaderFree);
        if (!reader) {
            throw std::bad_alloc();
        }
        return *reader->fn;
    }();
    return functions;
}

void* create_array(const redisReadTask* task, int elements) {
    // Null is an error of the reader; the memory for such a claim is not even asked for.
    return elements > longest_list ? nullptr : hiredis_functions().createArray(task, elements);
}

redisReader* create() {
    static redisReplyObjectFunctions functions = [] {
        redisReplyObjectFunctions limited = hiredis_functions();
        limited.createArray = create_array;
        return limited;
    }();
    redisReader* reader = redisReaderCreateWithFunctions(&functions);
    if (reader == nullptr) {
        throw std::bad_alloc();
    }
    reader->maxbuf = most_kept;
    return reader;
}

}  // namespace

Reader::Reader() : reader_(create(), redisReaderFree) {}

void Reader::feed(std::span<const char> bytes) {
    waiting_ = bytes;
}

redisReply* Reader::next() {
    for (;;) {
        void* reply = nullptr;
        if (redisReaderGetReply(reader_.get(), &reply) != REDIS_OK) {
            throw ProtocolError(
                fmt::format("it sent what is not Redis' protocol ({})", std::string_view(reader_->errstr)));
        }
        if (reply != nullptr) {
            return static_cast<redisReply*>(reply);
        }
        check_claims();
        if (waiting_.empty()) {
            return nullptr;
        }
        const auto part = waiting_.first(std::min(waiting_.size(), slice));
        if (redisReaderFeed(reader_.get(), part.data(), part.size()) != REDIS_OK) {
            throw ProtocolError("its reply does not fit into memory");
        }
        waiting_ = waiting_.subspan(part.size());
    }
}

bool Reader::empty() const {
    return reader_->pos == reader_->len && waiting_.empty();
}

void Reader::check_claims() const {
    if (reader_->ridx < 0 || reader_->len == reader_->pos) {
        return;
    }
    const std::string_view rest(reader_->buf + reader_->pos, reader_->len - reader_->pos);
    const std::size_t end = rest.find('\r');
    if (end == std::string_view::npos && rest.size() > longest_line) {
        throw ProtocolError("it sent what is not Redis' protocol (a line without an end)");
    }
    if (end == std::string_view::npos || reader_->rstack[reader_->ridx].type != REDIS_REPLY_STRING) {
        return;
    }
    std::int64_t claimed = 0;
    std::from_chars(rest.data(), rest.data() + end, claimed);
    if (claimed > longest_text) {
        throw ProtocolError(fmt::format("it sent what is not Redis' protocol (a text of {} bytes)", claimed));
    }
}

}  // namespace tti::redis
