#pragma once

#include <optional>
#include <vector>

#include "redis/connection.hpp"
#include "redis/session.hpp"

namespace tti::redis {

struct Connection::Implementation {
    Implementation(Target at, ConnectOptions with, util::Stop& until)
        : target(std::move(at)), options(std::move(with)), stop(until) {}

    // Throws InterruptedError when an end was asked for; connects again where the connection was lost.
    void begin(const Commands& commands);
    // Between WATCH or MULTI and EXEC it throws: another connection would watch nothing, and queue nothing.
    void connect_outside_transactions(const Commands& commands);
    void connect();
    void lose();
    void load_scripts();
    void load(const Script& script);
    // Whether a second try may end otherwise; prepares it.
    bool may_pass(const ServerError& error);
    void exchange(const Commands& commands, std::chrono::milliseconds extra,
                  const std::function<void(std::size_t, Reply)>& each);
    [[nodiscard]] std::string place() const;

    Target target;
    ConnectOptions options;
    util::Stop& stop;
    std::vector<Script> scripts;
    Server server;
    std::unique_ptr<Channel> channel;  // null while the connection is lost
    bool in_transaction = false;
    bool exchanging = false;
    int repeating = 0;
};

}  // namespace tti::redis
