#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "redis/commands.hpp"
#include "redis/error.hpp"
#include "redis/reply.hpp"
#include "redis/script.hpp"
#include "redis/target.hpp"
#include "util/stop.hpp"

namespace tti::redis {

enum class Mode {
    writes,
    read_only,  // only commands that cannot write are sent; another one throws std::logic_error
};

struct ConnectOptions {
    std::string context;  // says in every message which connection it is: "network server", "run lock"
    Mode mode = Mode::writes;
    std::chrono::milliseconds connect_timeout{5000};
    std::chrono::milliseconds reply_timeout{10000};  // without a single byte from the server
    std::chrono::milliseconds patience{30000};       // how long repeat() tries to get the connection back
    std::string client_name = "tti-lw-stack";
};

// What the server said of itself at the last connect (INFO, ROLE).
struct Server {
    std::string version;  // "7.0.15"
    // Another one: another process, whose SCAN cursors mean other places. Made up at every connect where INFO
    // is forbidden to us.
    std::string run_id;
    bool cluster = false;
    bool replica = false;
    bool loading = false;
    std::string maxmemory_policy;
    std::int64_t used_memory = 0;
    std::int64_t maxmemory = 0;  // 0: no limit
};

// Commands that were sent, and whose replies are still to be received.
struct Sent;

// One connection, used from one thread. Every wait also watches `stop`: once an end is asked for, a wait ends
// with InterruptedError, and no command begins; what must still be written then (a journal, a release) needs
// a connection with a NeverStop. A lost connection is made again at the next command; what was under way when
// it was lost throws ConnectionError, for nobody can say whether it was done.
class Connection {
  public:
    // Connects. Throws ConnectionError, or ServerError for a wrong password and the like.
    Connection(Target target, ConnectOptions options, util::Stop& stop);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection();

    // One command and its reply; an error reply is thrown as ServerError.
    template <std::convertible_to<std::string_view>... Words>
    Reply call(const Words&... words) {
        Commands one;
        one.add(words...);
        return single(one);
    }
    Reply single(const Commands& one);
    // A command that blocks at the server for at most `wait` (BLPOP): the time-out for its reply is that much
    // longer.
    Reply blocking(const Commands& one, std::chrono::milliseconds wait);

    // Sends all of them while it reads the replies, so the amount is bounded by the caller's `commands`
    // alone. `each` is called in order, with error replies too (it may throw; the rest is then read and
    // dropped; it must not use this connection). An error that says nothing of the command but of the server
    // or our place in it (it loads, is a replica, is full, forbids us …) is thrown as ServerError instead, so
    // that nobody can take it for an answer.
    void pipeline(const Commands& commands, const std::function<void(std::size_t, ReplyView)>& each);
    // The same where every error reply is thrown as ServerError and the others do not matter.
    void pipeline(const Commands& commands);

    // Sends without waiting for the replies, so that the server works while the caller does. Anything else
    // may be done with the connection meanwhile: replies that come before are kept, so the caller bounds
    // their amount. A Sent that is given up costs nothing but its replies.
    std::shared_ptr<Sent> send(Commands commands);
    // Hands out the replies as pipeline() does, once. Throws ConnectionError where the connection was lost
    // since they were sent, even if it is there again.
    void receive(const std::shared_ptr<Sent>& sent, const std::function<void(std::size_t, ReplyView)>& each);
    // The reply of what was one command; an error reply is thrown as ServerError.
    Reply receive_single(const std::shared_ptr<Sent>& sent);
    // Waits for all that was sent, so that the next command is alone under way.
    void settle();

    // Loads the script now and at every reconnect; one that it uses already costs nothing.
    void use(const Script& script);

    // Runs `work`. When the connection was lost in the middle, or the server was loading, had just become a
    // replica or had forgotten a script, connects again with back-off and jitter (asking the Sentinels again)
    // and runs it once more, for `patience` at most. So `work` must be something that may be done twice.
    void repeat(const std::function<void()>& work);

    [[nodiscard]] const Server& server() const;
    [[nodiscard]] const Target& target() const;
    [[nodiscard]] Mode mode() const;
    [[nodiscard]] util::Stop& stop();

    struct Implementation;

  private:
    std::unique_ptr<Implementation> implementation_;
};

// Throws RefusedError when the server cannot take our writes: cluster mode, a read-only replica, memory used
// up (with noeviction), a version before 6.2, or an ACL that forbids one of `commands`: each a command as it
// would be sent, with a key as an example (asked with ACL DRYRUN where the server has it, Redis 7);
// UnreachableError while it loads its data.
void require_writable(Connection& connection, std::span<const std::vector<std::string>> commands = {});
// Cluster mode, loading and a version before 6.2 are in the way of reading too.
void require_usable(Connection& connection);

}  // namespace tti::redis
