#include "redis/session.hpp"

#include <fmt/format.h>

#include "redis/error.hpp"
#include "redis/login.hpp"
#include "redis/sentinel.hpp"
#include "redis/server_info.hpp"

namespace tti::redis {
namespace {

void select_database(Channel& channel, int database, const std::string& place) {
    if (database == 0) {
        return;
    }
    Commands command;
    command.add("SELECT", std::to_string(database));
    const Reply reply = channel.single(command);
    if (reply->is_error()) {
        throw server_error(reply->error(), "SELECT", place);
    }
}

// The first command after the login, so what the server has against us in general shows here.
void tell_name(Channel& channel, const std::string& name, const std::string& place) {
    Commands command;
    command.add("CLIENT", "SETNAME", name);
    const Reply reply = channel.single(command);
    if (!reply->is_error()) {
        return;
    }
    const std::string_view error = reply->error();
    // A user who may not give a name is no worse for it.
    if (!error.starts_with("NOPERM") && !error.starts_with("ERR unknown")) {
        throw server_error(error, "CLIENT SETNAME", place);
    }
}

// A user may be forbidden to ask; what is not known then keeps its default.
Server ask_server(Channel& channel) {
    Commands info;
    info.add("INFO");
    const Reply text = channel.single(info);
    Server server = text->is_text() ? parse_info(text->text()) : Server{};
    Commands command;
    command.add("ROLE");
    const Reply role = channel.single(command);
    if (role->is_array() && role->size() > 0) {
        server.replica = role.view()[0].text() != "master";
    }
    return server;
}

std::string place_of(const Target& target, const ConnectOptions& options) {
    return fmt::format("{}: {}", options.context, target.display());
}

Session open_at(const Address& address, const Target& target, const ConnectOptions& options,
                util::Stop& stop) {
    const std::string place = place_of(target, options);
    auto channel = std::make_unique<Channel>(connect(address, target.tls, options.connect_timeout, stop),
                                             options.reply_timeout);
    log_in(*channel, target.user_name, target.password, place);
    select_database(*channel, target.database, place);
    tell_name(*channel, options.client_name, place);
    Server server = ask_server(*channel);
    return {std::move(channel), std::move(server)};
}

constexpr std::string_view look_there =
    "Look at the log of that server, and of what stands between; then give the same command again.";

Session open_address(const Target& target, const ConnectOptions& options, util::Stop& stop) {
    const auto address = parse_address(target.address);
    if (!address) {
        throw UsageError(fmt::format("redis.address = {}: {}", target.address, address.error()));
    }
    try {
        return open_at(*address, target, options, stop);
    } catch (const TransportError& error) {
        throw ConnectionError(
            fmt::format("{}: cannot connect to {}: {}", options.context, target.display(), error.what()),
            error.hint().empty() ? std::string(look_there) : error.hint());
    } catch (const ProtocolError& error) {
        throw ProtocolError(
            fmt::format("{}: cannot talk to {}: {}", options.context, target.display(), error.what()));
    }
}

Session open_by_sentinels(const Target& target, const ConnectOptions& options, util::Stop& stop) {
    std::string reasons;
    const auto note = [&reasons](const std::string& sentinel, std::string_view reason) {
        reasons += fmt::format("{}{}: {}", reasons.empty() ? "" : "; ", sentinel, reason);
    };
    for (const std::string& sentinel : target.failover->addresses) {
        std::string place = "Sentinel " + sentinel;
        try {
            const Address primary = ask_sentinel(sentinel, target, options, stop);
            place += fmt::format(" names {}:{}", primary.host, primary.port);
            Session session = open_at(primary, target, options, stop);
            if (!session.server.replica) {
                return session;
            }
            note(place, "it is a replica");
        } catch (const TransportError& error) {
            note(place, error.what());
        } catch (const ProtocolError& error) {
            note(place, error.what());
        }
    }
    throw ConnectionError(
        fmt::format("{}: cannot find the {}: {}", options.context, target.display(), reasons),
        "Check redis.failover.addresses and redis.failover.master-name, and that the Sentinels are running.");
}

}  // namespace

Session open_session(const Target& target, const ConnectOptions& options, util::Stop& stop) {
    return target.failover ? open_by_sentinels(target, options, stop) : open_address(target, options, stop);
}

}  // namespace tti::redis
