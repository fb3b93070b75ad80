#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "support/child_process.hpp"

namespace tti::test {

// AWS as moto simulates it, on a loopback port of its own. It takes any credentials.
class AwsServer {
  public:
    AwsServer();
    ~AwsServer();
    AwsServer(const AwsServer&) = delete;
    AwsServer& operator=(const AwsServer&) = delete;

    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
    // Runs Python with `client(name)` giving a boto3 client of it; what it prints. Throws when it fails.
    std::string python(const std::string& script) const;

  private:
    std::filesystem::path folder_;
    int port_;
    std::unique_ptr<ChildProcess> process_;
};

}  // namespace tti::test
