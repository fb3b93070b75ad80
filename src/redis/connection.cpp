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

// Hands out replies until one is a problem, which is thrown when all were read.
class HandOut {
  public:
    HandOut(const Commands& commands, std::string place,
            const std::function<void(std::size_t, ReplyView)>& each)
        : commands_(commands), place_(std::move(place)), each_(each) {}

    void take(std::size_t index, const Reply& reply) {
        if (problem_) {
            return;
        }
        try {
            if (reply->is_error() && concerns_server(reply->error())) {
                throw server_error(reply->error(), commands_.names()[index], place_);
            }
            each_(index, reply.view());
        } catch (...) {
            problem_ = std::current_exception();
        }
    }
    void finish() const {
        if (problem_) {
            std::rethrow_exception(problem_);
        }
    }

  private:
    const Commands& commands_;
    std::string place_;
    const std::function<void(std::size_t, ReplyView)>& each_;
    std::exception_ptr problem_;
};

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
    check(commands);
    settle();
    connect_outside_transactions(commands);
}

void Connection::Implementation::check(const Commands& commands) const {
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
    note_transactions(commands);
}

void Connection::Implementation::note_transactions(const Commands& commands) {
    for (const std::string& name : commands.names()) {
        in_transaction = (in_transaction || begins_transaction(name)) && !ends_transaction(name);
    }
}

void Connection::Implementation::lose() {
    channel = nullptr;
    for (const auto& sent : under_way) {
        sent->lost = true;
    }
    under_way.clear();
    in_transaction = false;
    exchanging = false;
}

void Connection::Implementation::exchange(const Commands& commands, std::chrono::milliseconds extra,
                                          const std::function<void(std::size_t, Reply)>& each) {
    on_channel([&] { channel->exchange(commands, extra, each); });
}

void Connection::Implementation::settle_oldest() {
    const auto sent = under_way.front();
    on_channel([&] {
        channel->receive(sent->commands.size(), {},
                         [&sent](std::size_t, Reply reply) { sent->replies.push_back(std::move(reply)); });
    });
    under_way.pop_front();
}

void Connection::Implementation::settle() {
    while (!under_way.empty()) {
        settle_oldest();
    }
}

void Connection::Implementation::on_channel(const std::function<void()>& work) {
    try {
        exchanging = true;
        work();
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
    HandOut hand_out(commands, implementation_->place(), each);
    implementation_->exchange(
        commands, {}, [&hand_out](std::size_t index, const Reply& reply) { hand_out.take(index, reply); });
    hand_out.finish();
}

std::shared_ptr<Sent> Connection::send(Commands commands) {
    auto& implementation = *implementation_;
    implementation.check(commands);
    if (implementation.under_way.empty()) {
        implementation.connect_outside_transactions(commands);
    } else {
        implementation.note_transactions(commands);
    }
    auto sent = std::make_shared<Sent>();
    sent->commands = std::move(commands);
    implementation.under_way.push_back(sent);
    implementation.on_channel([&] { implementation.channel->send(sent->commands); });
    return sent;
}

void Connection::Implementation::complete(const Sent& sent) {
    util::throw_if_requested(stop);
    while (!sent.lost && sent.replies.size() < sent.commands.size()) {
        settle_oldest();
    }
    if (sent.lost) {
        throw ConnectionError(fmt::format("{}: lost the connection to {} with commands under way",
                                          options.context, target.display()));
    }
}

void Connection::receive(const std::shared_ptr<Sent>& sent,
                         const std::function<void(std::size_t, ReplyView)>& each) {
    implementation_->complete(*sent);
    HandOut hand_out(sent->commands, implementation_->place(), each);
    for (std::size_t index = 0; index < sent->replies.size(); ++index) {
        hand_out.take(index, sent->replies[index]);
    }
    hand_out.finish();
}

Reply Connection::receive_single(const std::shared_ptr<Sent>& sent) {
    if (sent->commands.size() != 1) {
        throw std::logic_error("one command has one reply");
    }
    implementation_->complete(*sent);
    auto& reply = sent->replies.front();
    if (reply->is_error()) {
        throw server_error(reply->error(), sent->commands.names().front(), implementation_->place());
    }
    return std::move(reply);
}

void Connection::settle() {
    implementation_->settle();
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
    implementation_->settle();
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
