#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "support/child_process.hpp"

namespace tti::test {

// A gRPC server that answers as the Identity Server does, on a loopback port of its own (identity_server.py
// says what its state may hold).
class IdentityServer {
  public:
    enum class Transport { plain, tls };
    explicit IdentityServer(const std::string& state, Transport transport = Transport::plain);
    ~IdentityServer();
    IdentityServer(const IdentityServer&) = delete;
    IdentityServer& operator=(const IdentityServer&) = delete;

    // From the next call on.
    void set(const std::string& state) const;
    void end();
    [[nodiscard]] std::string address() const;
    [[nodiscard]] int port() const { return port_; }
    // Of the authority that signed its certificate, which is for "identity.test" alone.
    [[nodiscard]] std::filesystem::path certificate() const { return folder_ / "certificate.pem"; }

  private:
    void start(Transport transport);

    std::filesystem::path folder_;
    int port_ = 0;
    std::unique_ptr<ChildProcess> process_;
};

}  // namespace tti::test
