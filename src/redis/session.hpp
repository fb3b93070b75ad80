#pragma once

#include <memory>

#include "redis/channel.hpp"
#include "redis/connection.hpp"

namespace tti::redis {

// A channel that is logged in, and what its server said of itself.
struct Session {
    std::unique_ptr<Channel> channel;
    Server server;
};

// Finds the primary by the Sentinels where there are some, connects, logs in, selects the database. Throws
// ConnectionError, or ServerError for a wrong password and the like.
Session open_session(const Target& target, const ConnectOptions& options, util::Stop& stop);

}  // namespace tti::redis
