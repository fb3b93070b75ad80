#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "cli/command.hpp"
#include "redis/connection.hpp"
#include "settings/resolve.hpp"
#include "support/redis_server.hpp"
#include "util/stop.hpp"

namespace tti::test {

// What a command said and how it ended.
struct Outcome {
    ExitCode code = ExitCode::done;
    std::string error;
    std::string hint;
    std::string text;
    nlohmann::json data;
    std::vector<std::string> logs;  // with their fields
    operation::Plan plan;
};

// What a command finds besides its flags.
struct Given {
    std::map<std::string, std::string> environment;
    std::optional<bool> answer;  // at the prompt; none: there is no terminal
};

// A Redis that is empty at first, the commands on it, run in this process or in one of their own, and what
// lies in it. The server is shared by the tests of a program, one after the other.
class RedisDatabase {
  public:
    RedisDatabase();

    Outcome run(const cli::Command& command, const std::vector<settings::FlagText>& flags = {}) const;
    // Fails the test when the command fails.
    Outcome must_run(const cli::Command& command, const std::vector<settings::FlagText>& flags = {}) const;
    // The program itself, "as-db migrate", which ends at that failure point; true where it was killed there.
    [[nodiscard]] bool is_killed(const std::string& command_line, const std::string& failure_point) const;

    [[nodiscard]] redis::Connection& connection() { return connection_; }
    [[nodiscard]] std::string address() const { return address_; }
    void set(const std::string& key, const std::string& value) { connection_.call("SET", key, value); }
    // "(none)" where it is missing.
    [[nodiscard]] std::string get(const std::string& key);
    [[nodiscard]] std::vector<std::string> list(const std::string& key);
    [[nodiscard]] bool exists(const std::string& key);

    // Every key with its value as DUMP gives it, and its expiry where it has one: what two states are
    // compared by. Without the program's own keys.
    [[nodiscard]] std::map<std::string, std::string> state();

    Given given;

  private:
    util::NeverStop stop_;
    std::string address_;
    redis::Connection connection_;
};

}  // namespace tti::test
