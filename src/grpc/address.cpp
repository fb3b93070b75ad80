#include <charconv>

#include "grpc/client.hpp"

namespace tti::grpc {

Expected<Address> parse_address(std::string_view text) {
    constexpr auto accepted = "accepted: a host and a port, such as localhost:1884 or [::1]:1884";
    constexpr int largest_port = 65535;
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0) return unexpected(accepted);
    auto host = text.substr(0, colon);
    const auto digits = text.substr(colon + 1);
    if (host.starts_with('[') && host.ends_with(']')) {
        host = host.substr(1, host.size() - 2);
    } else if (host.find_first_of(":[]") != std::string_view::npos) {
        return unexpected(accepted);
    }
    int port = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (host.empty() || host.find_first_of("/@ \t?#\\") != std::string_view::npos || error != std::errc() ||
        end != digits.data() + digits.size() || port < 1 || port > largest_port) {
        return unexpected(accepted);
    }
    return Address{std::string(host), port};
}

}  // namespace tti::grpc
