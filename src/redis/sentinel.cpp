#include "redis/sentinel.hpp"

#include <fmt/format.h>

#include "redis/channel.hpp"
#include "redis/error.hpp"
#include "redis/login.hpp"

namespace tti::redis {

Address ask_sentinel(const std::string& sentinel, const Target& target, const ConnectOptions& options,
                     util::Stop& stop) {
    const auto address = parse_address(sentinel);
    if (!address) {
        throw UsageError(fmt::format("redis.failover.addresses = {}: {}", sentinel, address.error()));
    }
    // A Sentinel that does not answer must not hold up the others for long.
    Channel channel(connect(*address, target.tls, options.connect_timeout, stop), options.connect_timeout);
    const Failover& failover = *target.failover;
    log_in(channel, failover.user_name, failover.password, sentinel);
    Commands command;
    command.add("SENTINEL", "get-master-addr-by-name", failover.master_name);
    const Reply reply = channel.single(command);
    if (reply->is_error()) {
        throw server_error(reply->error(), "SENTINEL", sentinel);
    }
    if (reply->is_nil()) {
        throw TransportError("it knows no primary of this name");
    }
    return {std::string(reply.view()[0].text()), std::string(reply.view()[1].text()), {}};
}

}  // namespace tti::redis
