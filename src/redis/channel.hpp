#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "redis/commands.hpp"
#include "redis/reader.hpp"
#include "redis/reply.hpp"
#include "redis/transport.hpp"

namespace tti::redis {

// Commands and replies over one transport. After an exception it is of no more use.
class Channel {
  public:
    Channel(std::unique_ptr<Transport> transport, std::chrono::milliseconds reply_timeout)
        : transport_(std::move(transport)), reply_timeout_(reply_timeout) {}

    // Sends all of them while it reads the replies; `each` must not throw.
    void exchange(const Commands& commands, std::chrono::milliseconds extra,
                  const std::function<void(std::size_t, Reply)>& each);
    Reply single(const Commands& one, std::chrono::milliseconds extra = {});
    // Whether another command may follow: connected, and nothing came that belongs to no command.
    bool alive() { return reader_.empty() && transport_->alive(); }

  private:
    std::unique_ptr<Transport> transport_;
    Reader reader_;
    std::chrono::milliseconds reply_timeout_;
};

}  // namespace tti::redis
