#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "redis/connection.hpp"
#include "redis/session.hpp"

namespace tti::redis {

struct Sent {
    Commands commands;
    std::vector<Reply> replies;  // what came of them
    bool lost = false;           // the connection, before all of them came
};

struct Connection::Implementation {
    Implementation(Target at, ConnectOptions with, util::Stop& until)
        : target(std::move(at)), options(std::move(with)), stop(until) {}

    // Throws InterruptedError when an end was asked for; connects again where the connection was lost.
    void begin(const Commands& commands);
    // What must be so for any command.
    void check(const Commands& commands) const;
    // Between WATCH or MULTI and EXEC it throws: another connection would watch nothing, and queue nothing.
    void connect_outside_transactions(const Commands& commands);
    void connect();
    void lose();
    void load_scripts();
    void load(const Script& script);
    // Whether a second try may end otherwise; prepares it.
    bool may_pass(const ServerError& error);
    void note_transactions(const Commands& commands);
    void exchange(const Commands& commands, std::chrono::milliseconds extra,
                  const std::function<void(std::size_t, Reply)>& each);
    // Reads the replies of what was sent first.
    void settle_oldest();
    void settle();
    // Reads until all replies of this came; throws ConnectionError where it was lost.
    void complete(const Sent& sent);
    // Work on the channel; when it throws, the connection is lost.
    void on_channel(const std::function<void()>& work);
    [[nodiscard]] std::string place() const;

    Target target;
    ConnectOptions options;
    util::Stop& stop;
    std::vector<Script> scripts;
    Server server;
    std::unique_ptr<Channel> channel;             // null while the connection is lost
    std::deque<std::shared_ptr<Sent>> under_way;  // in the order in which they were sent
    bool in_transaction = false;
    bool exchanging = false;
    int repeating = 0;
};

}  // namespace tti::redis
