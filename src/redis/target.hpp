#pragma once

#include <optional>
#include <string>
#include <vector>

#include "util/secret.hpp"

namespace tti::redis {

struct Tls {
    bool require = false;  // TLS 1.2 at least, to Sentinels too
    std::string root_ca;   // a PEM file, added to the system's authorities
    bool insecure_skip_verify = false;
    std::string certificate;  // PEM files of a client certificate; empty: none is shown
    std::string key;
    std::string server_name;  // the name that the certificate must have; empty: the host of the address
};

// Sentinels, who are asked for the primary at every connect.
struct Failover {
    std::vector<std::string> addresses;
    std::string master_name;
    std::string user_name;
    Secret password;  // of the Sentinels themselves
};

// Where a server is and who we are there.
struct Target {
    std::string address;  // "host:port", "[::1]:6379", or a unix socket that starts with "/"
    std::string user_name;
    Secret password;
    int database = 0;
    Tls tls;
    std::optional<Failover> failover;  // its addresses count, not `address`

    // "redis.example.com:6379 database 2", "primary of mymaster": never a secret.
    [[nodiscard]] std::string display() const;
};

}  // namespace tti::redis
