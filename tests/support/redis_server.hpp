#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "redis/target.hpp"
#include "support/child_process.hpp"

namespace tti::test {

// A throw-away redis-server: a unix socket in a folder of its own, a TCP port where one is given, nothing
// saved. Ended in the destructor.
class RedisServer {
  public:
    // `arguments` as on its command line: {"--requirepass", "secret"}. They come last, so they win.
    explicit RedisServer(std::vector<std::string> arguments = {}, int port = 0);
    RedisServer(const RedisServer&) = delete;
    RedisServer& operator=(const RedisServer&) = delete;
    ~RedisServer();

    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
    [[nodiscard]] std::string socket() const { return (folder_ / "redis.sock").string(); }
    [[nodiscard]] int port() const { return port_; }
    [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
    // Over the unix socket, without a password.
    [[nodiscard]] redis::Target target() const;

    // Ends it (SIGKILL when not asked to leave in order) and starts another process in the same folder.
    void stop(bool in_order = false);
    void start();

  private:
    std::filesystem::path folder_;
    std::vector<std::string> arguments_;
    int port_;
    std::unique_ptr<ChildProcess> process_;
};

}  // namespace tti::test
