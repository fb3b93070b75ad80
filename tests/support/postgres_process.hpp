#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "support/child_process.hpp"

namespace tti::test {

// A PostgreSQL server in a folder: a unix socket there, and TCP where settings ask for it. Superuser
// "postgres", no password.
class PostgresProcess {
  public:
    // Makes a new cluster; `settings` are as in postgresql.conf: "ssl=on".
    explicit PostgresProcess(std::filesystem::path folder, std::vector<std::string> settings = {});
    // A standby of a running one, streaming from it.
    static PostgresProcess standby_of(const PostgresProcess& primary, std::filesystem::path folder);

    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
    [[nodiscard]] std::filesystem::path data() const { return folder_ / "data"; }
    [[nodiscard]] std::string uri(const std::string& database) const;
    // Ends all sessions at once and leaves.
    void end();

  private:
    struct Existing {};
    PostgresProcess(Existing, std::filesystem::path folder) : folder_(std::move(folder)) {}
    void start();

    std::filesystem::path folder_;
    std::vector<std::string> settings_;
    std::unique_ptr<ChildProcess> process_;
};

// A program of PostgreSQL 14 or newer on this machine: "initdb".
std::string postgres_program(const std::string& name);

}  // namespace tti::test
