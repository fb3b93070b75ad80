#pragma once

#include <string>
#include <string_view>

#include "util/expected.hpp"

namespace tti::redis {

// "host:port", "[::1]:6379", or the path of a unix socket.
struct Address {
    std::string host;
    std::string port;
    std::string path;  // of a unix socket; then host and port are empty
};

Expected<Address> parse_address(std::string_view text);

}  // namespace tti::redis
