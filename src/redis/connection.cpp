#include "redis/connection.hpp"

#include <algorithm>
#include <exception>
#include <optional>
#include <stdexcept>

#include <fmt/format.h>

#include "redis/connection_implementation.hpp"
#include "redis/read_only.hpp"
#include "util/random.hpp"

namespace tti::redis {
namespace {

bool begins_transaction(std::string_view name) {
    return name == "WATCH" || name == "MULTI";
}

bool ends_transaction(std::string_view name) {
    return name == "EXEC" || name == "DISCARD" || name == "UNWATCH";
}

}  // namespace

void Connection::Implementation::connect() {
    lose();
    Session session = open_session(target, options, stop);
    channel = std::move(session.channel);
    server = std::move(session.server);
    if (server.run_id.empty()) {
        // INFO is forbidden to us: every connect may have found another process.
        server.run_id = fmt::format("unknown-{:02x}", fmt::join(util::random_bytes(16), ""));
    }
    load_scripts();
}

void Connection::Implementation::load_scripts() {
    // A connection for reading runs none.
    if (options.mode == Mode::writes) {
        for (const Script& script : scripts) {
            load(script);
        }
    }
}

void Connection::Implementation::load(const Script& script) {
    Commands command;
    command.add("SCRIPT", "LOAD", script.source());
    std::optional<Reply> loaded;
    exchange(command, {}, [&loaded](std::size_t, Reply reply) { loaded = std::move(reply); });
    // While it loads its data a server takes no script; then the first use of one tells so again.
    if ((*loaded)->is_error() && !server.loading) {
        throw server_error((*loaded)->error(), "SCRIPT LOAD", place());
    }
}

void Connection::Implementation::begin(const Commands& commands) {
    if (options.mode == Mode::read_only) {
        for (const std::string& name : commands.names()) {
            if (!cannot_write(name)) {
                throw std::logic_error(fmt::format("{} may write, and this connection is for reading", name));
            }
        }
    }
    if (exchanging) {
        throw std::logic_error("a connection cannot be used while it hands out replies");
    }
    util::throw_if_requested(stop);
    connect_outside_transactions(commands);
}

void Connection::Implementation::connect_outside_transactions(const Commands& commands) {
    const bool begins_anew = !commands.empty() && begins_transaction(commands.names().front());
    if (!channel || !channel->alive()) {
        if (in_transaction && !begins_anew) {
            lose();
            throw ConnectionError(fmt::format("{}: lost the connection to {} in a transaction",
                                              options.context, target.display()));
        }
        connect();
    }
    for (const std::string& name : commands.names()) {
        in_transaction = (in_transaction || begins_transaction(name)) && !ends_transaction(name);
    }
}

void Connection::Implementation::lose() {
    channel = nullptr;
    in_transaction = false;
    exchanging = false;
}

void Connection::Implementation::exchange(const Commands& commands, std::chrono::milliseconds extra,
                                          const std::function<void(std::size_t, Reply)>& each) {
    try {
        exchanging = true;
        channel->exchange(commands, extra, each);
        exchanging = false;
    } catch (const TransportError& error) {
        lose();
        throw ConnectionError(
            fmt::format("{}: lost the connection to {}: {}", options.context, target.display(), error.what()),
            error.hint().empty() ? "Give the same command again; it continues with what is not done."
                                 : error.hint());
    } catch (const ProtocolError& error) {
        lose();
        throw ProtocolError(fmt::format("{}: {}", place(), error.what()));
    } catch (...) {
        lose();
        throw;
    }
}

std::string Connection::Implementation::place() const {
    return fmt::format("{}: {}", options.context, target.display());
}

Connection::Connection(Target target, ConnectOptions options, util::Stop& stop)
    : implementation_(std::make_unique<Implementation>(std::move(target), std::move(options), stop)) {
    implementation_->connect();
}

Connection::~Connection() = default;

Reply Connection::single(const Commands& one) {
    return blocking(one, {});
}

Reply Connection::blocking(const Commands& one, std::chrono::milliseconds wait) {
    if (one.size() != 1) {
        throw std::logic_error("one command has one reply");
    }
    implementation_->begin(one);
    std::optional<Reply> result;
    implementation_->exchange(one, wait, [&result](std::size_t, Reply reply) { result = std::move(reply); });
    if ((*result)->is_error()) {
        throw server_error((*result)->error(), one.names().front(), implementation_->place());
    }
    return std::move(*result);
}

void Connection::pipeline(const Commands& commands, const std::function<void(std::size_t, ReplyView)>& each) {
    implementation_->begin(commands);
    std::exception_ptr problem;
    implementation_->exchange(commands, {}, [&](std::size_t index, const Reply& reply) {
        if (problem) {
            return;
        }
        try {
            if (reply->is_error() && concerns_server(reply->error())) {
                throw server_error(reply->error(), commands.names()[index], implementation_->place());
            }
            each(index, reply.view());
        } catch (...) {
            problem = std::current_exception();
        }
    });
    if (problem) {
        std::rethrow_exception(problem);
    }
}

void Connection::pipeline(const Commands& commands) {
    pipeline(commands, [&](std::size_t index, ReplyView reply) {
        if (reply.is_error()) {
            throw server_error(reply.error(), commands.names()[index], implementation_->place());
        }
    });
}

void Connection::use(const Script& script) {
    auto& scripts = implementation_->scripts;
    if (std::ranges::find(scripts, script.sha1(), &Script::sha1) != scripts.end()) {
        return;
    }
    scripts.push_back(script);
    if (implementation_->options.mode == Mode::writes && implementation_->channel) {
        implementation_->load(script);
    }
}

const Server& Connection::server() const {
    return implementation_->server;
}

const Target& Connection::target() const {
    return implementation_->target;
}

Mode Connection::mode() const {
    return implementation_->options.mode;
}

util::Stop& Connection::stop() {
    return implementation_->stop;
}

}  // namespace tti::redis
