#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string_view>

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

    // Sends what goes without waiting, the rest while replies are received. The commands must stay where they
    // are until theirs were.
    void send(const Commands& commands);
    // The next `count` replies, in the order in which their commands were sent; `each` must not throw.
    void receive(std::size_t count, std::chrono::milliseconds extra,
                 const std::function<void(std::size_t, Reply)>& each);
    // Both, where nothing else is under way.
    void exchange(const Commands& commands, std::chrono::milliseconds extra,
                  const std::function<void(std::size_t, Reply)>& each);
    Reply single(const Commands& one, std::chrono::milliseconds extra = {});
    // Whether another command may follow: connected, and nothing came that belongs to no command. Only asked
    // where nothing is under way.
    bool alive() { return reader_.empty() && transport_->alive(); }

  private:
    void note_sent(std::size_t bytes);
    void wait(std::chrono::milliseconds extra);

    std::unique_ptr<Transport> transport_;
    Reader reader_;
    std::chrono::milliseconds reply_timeout_;
    std::deque<std::string_view> unsent_;
    std::size_t awaited_ = 0;  // replies
};

}  // namespace tti::redis
