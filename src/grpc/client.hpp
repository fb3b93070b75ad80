#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "grpc/status.hpp"
#include "util/expected.hpp"
#include "util/secret.hpp"
#include "util/stop.hpp"

namespace tti::grpc {

struct Address {
    std::string host;  // without the brackets of an IPv6 address
    int port = 0;
};
// "host:port" or "[::1]:port".
Expected<Address> parse_address(std::string_view text);

struct Tls {              // TLS 1.2 at least
    std::string root_ca;  // a PEM file, added to the system's authorities
    bool insecure_skip_verify = false;
    std::string server_name;  // the name that the certificate must have; empty: the host of the address
};

struct Metadata {
    std::string name;  // in lower case
    Secret value;
};

struct ClientOptions {
    Address address;
    std::optional<Tls> tls;          // none: HTTP/2 without TLS, which both sides must know of beforehand
    std::vector<Metadata> metadata;  // sent with every call
    std::string context;             // says in every message whom it is talking to: "identity server"
    std::chrono::milliseconds connect_timeout{5000};
    std::chrono::milliseconds call_timeout{30000};
    std::size_t largest_message = std::size_t{64} << 20U;
};

struct Reply {
    std::string message;                        // binary
    std::map<std::string, std::string> header;  // the server's metadata, names in lower case
    // Nothing where it is missing.
    [[nodiscard]] std::optional<std::string> metadata(const std::string& name) const;
};

// One server, called from one thread, over a connection that is kept where it can be. Every wait also watches
// `stop` and ends with InterruptedError once an end is asked for. Throws UnreachableError when the call did
// not reach the server or no answer came, StatusError for what the server answered, Error for what is no
// gRPC. Whether to try again is for the caller, who knows what may be repeated.
class Client {
  public:
    Client(ClientOptions options, util::Stop& stop);
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;
    ~Client();

    // `method` is "/package.Service/Method".
    Reply call(std::string_view method, std::string_view message);
    // "is.example.com:8884"
    [[nodiscard]] std::string display() const;

    struct Implementation;

  private:
    std::unique_ptr<Implementation> implementation_;
};

}  // namespace tti::grpc
