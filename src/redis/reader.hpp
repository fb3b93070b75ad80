#pragma once

#include <memory>
#include <span>

#include "redis/reply.hpp"

struct redisReader;

namespace tti::redis {

// Takes bytes as they come and gives whole replies: hiredis' reader, with limits on what a server may claim.
class Reader {
  public:
    Reader();
    // The next whole reply, null until more bytes are fed. Throws ProtocolError for what is not RESP, and the
    // reader is of no more use then.
    redisReply* next();
    // The bytes must stay until next() gives null.
    void feed(std::span<const char> bytes);
    // No byte is left of what was fed.
    [[nodiscard]] bool empty() const;

  private:
    void check_claims() const;
    std::unique_ptr<redisReader, void (*)(redisReader*)> reader_;
    std::span<const char> waiting_;
};

}  // namespace tti::redis
