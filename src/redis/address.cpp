#include "redis/address.hpp"

#include <charconv>
#include <cstdint>

namespace tti::redis {
namespace {

bool is_port(std::string_view text) {
    std::uint16_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size() && number > 0;
}

}  // namespace

Expected<Address> parse_address(std::string_view text) {
    if (text.starts_with('/')) {
        return Address{{}, {}, std::string(text)};
    }
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos || !is_port(text.substr(colon + 1))) {
        return unexpected("it must be host:port, or a unix socket's path that starts with /");
    }
    std::string_view host = text.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) {
        host = host.substr(1, host.size() - 2);
    } else if (host.find(':') != std::string_view::npos) {
        return unexpected("an IPv6 address must stand in brackets: [::1]:6379");
    }
    if (host.empty()) {
        host = "localhost";
    }
    return Address{std::string(host), std::string(text.substr(colon + 1)), {}};
}

}  // namespace tti::redis
