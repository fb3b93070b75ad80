#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "support/postgres_process.hpp"

namespace tti::test {

// A PostgreSQL of this process's own (unix socket in a temporary folder, fsync off), started at first use and
// ended with the process. Where TTI_TEST_POSTGRES holds a running server's URL, that one is used.
// TTI_TEST_KEEP=1 keeps the folder, or the databases there.
class PostgresServer {
  public:
    static PostgresServer& instance();
    ~PostgresServer();
    PostgresServer(const PostgresServer&) = delete;
    PostgresServer& operator=(const PostgresServer&) = delete;
    // Creates an empty database with a name of its own, and returns its URI.
    std::string create_database();
    // Empty where the server is somebody else's.
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
    [[nodiscard]] std::string uri(const std::string& database) const;

  private:
    PostgresServer();
    void administer(const std::string& sql) const;

    std::filesystem::path folder_;
    std::string external_uri_;
    std::unique_ptr<PostgresProcess> process_;
    std::vector<std::string> databases_;
};

}  // namespace tti::test
