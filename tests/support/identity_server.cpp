#include "support/identity_server.hpp"

#include <chrono>
#include <csignal>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace tti::test {
IdentityServer::IdentityServer(const std::string& state, Transport transport)
    : folder_(make_folder("tti-identity-server")), port_(free_port()) {
    set(state);
    start(transport);
}

IdentityServer::~IdentityServer() {
    process_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

void IdentityServer::set(const std::string& state) const {
    const auto draft = folder_ / "draft";
    std::ofstream(draft) << state;
    std::filesystem::rename(draft, folder_ / "state");
}

void IdentityServer::end() {
    process_.reset();
}

std::string IdentityServer::address() const {
    return "127.0.0.1:" + std::to_string(port_);
}

void IdentityServer::start(Transport transport) {
    // Debian's own, which python3-grpcio is for.
    std::vector<std::string> command{"/usr/bin/python3", TTI_TESTS "/support/identity_server.py",
                                     "--port",           std::to_string(port_),
                                     "--state",          folder_ / "state"};
    if (transport == Transport::tls) {
        run({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-days", "2", "-subj", "/CN=identity.test", "-addext", "subjectAltName=DNS:identity.test",
             "-keyout", folder_ / "key.pem", "-out", certificate()},
            folder_ / "openssl.log");
        command.insert(command.end(), {"--certificate", certificate(), "--key", folder_ / "key.pem"});
    }
    const auto log = folder_ / "log";
    process_ = std::make_unique<ChildProcess>(command, log);
    for (int tries = 0; content(log).find("ready") == std::string::npos; ++tries) {
        constexpr int most_tries = 600;
        if (tries > most_tries || !process_->running()) {
            throw std::runtime_error("the gRPC server did not start: " + content(log));
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
}

}  // namespace tti::test
