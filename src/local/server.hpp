#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "local/folder_lock.hpp"
#include "local/layout.hpp"
#include "util/expected.hpp"
#include "util/stop.hpp"

namespace tti::local {

// What a server tells of itself.
struct Answer {
    std::string version;
    std::chrono::seconds uptime{0};
    std::int64_t bytes = 0;  // of its data
};

// One of the two servers of a deployment. Changes only what is its own; the caller holds the folder's lock.
class Server {
  public:
    Server() = default;
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    virtual ~Server() = default;

    [[nodiscard]] virtual std::string name() const = 0;  // "PostgreSQL"
    [[nodiscard]] virtual std::filesystem::path log() const = 0;
    [[nodiscard]] virtual int port() const = 0;
    virtual void move_to(int port) = 0;
    [[nodiscard]] virtual int stop_signal() const = 0;  // ends it at once and cleanly

    [[nodiscard]] virtual bool has_data() const = 0;
    virtual void make_data(const FolderLock& lock,
                           util::Stop& stop) = 0;  // what a killed call left is made anew
    [[nodiscard]] virtual std::optional<pid_t> find() const = 0;
    virtual void start() = 0;
    // A failure is why it does not answer (yet).
    virtual Expected<Answer> ask(util::Stop& stop) = 0;
};

enum class Was { running, started };

// Makes its data if there is none, starts it if it does not run, and waits until it answers. Chooses another
// port, and calls `moved`, when the port is taken. Throws Error with the end of the server's log.
Was ensure_running(Server& server, const FolderLock& lock, util::Stop& stop,
                   const std::function<void()>& moved);

// Returns whether it had been running. Throws Error when it has not ended after `limit`.
bool stop_server(const Server& server, std::chrono::seconds limit, util::Stop& stop);

// All that a server of ours gets to see of the environment.
std::vector<std::string> server_environment();

// The account to start it as; none where we already are it.
std::optional<util::Account> account_for(const Site& site);

}  // namespace tti::local
