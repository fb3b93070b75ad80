#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "cli/command.hpp"
#include "postgres/connection.hpp"
#include "settings/resolve.hpp"
#include "support/postgres_server.hpp"

namespace tti::identity_server::test {

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
    std::optional<std::string> typed;  // at the prompt; empty: there is no terminal
    std::string standard_input;
};

// An empty database of its own, and the commands on it, run in this process.
class Database {
  public:
    Database() : uri_(tti::test::PostgresServer::instance().create_database()) {}
    explicit Database(std::string uri) : uri_(std::move(uri)) {}

    Outcome run(const cli::Command& command, const std::vector<settings::FlagText>& flags = {}) const;
    // Fails the test when the command fails.
    Outcome must_run(const cli::Command& command, const std::vector<settings::FlagText>& flags = {}) const;

    void execute(const std::string& sql) const;
    // One line a row, columns separated by a bar.
    [[nodiscard]] std::string rows(const std::string& sql) const;
    [[nodiscard]] const std::string& uri() const { return uri_; }

    Given given;

  private:
    std::string uri_;
};

}  // namespace tti::identity_server::test
