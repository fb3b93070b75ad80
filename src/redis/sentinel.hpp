#pragma once

#include "redis/address.hpp"
#include "redis/connection.hpp"

namespace tti::redis {

// Where this Sentinel says that the primary is. Throws TransportError, ProtocolError, or ServerError.
Address ask_sentinel(const std::string& sentinel, const Target& target, const ConnectOptions& options,
                     util::Stop& stop);

}  // namespace tti::redis
