#include "aws/server_time.hpp"

#include <cstdlib>

#include <fmt/format.h>

namespace tti::aws {

std::optional<std::chrono::seconds> ServerTime::learn(const std::string& date) {
    // AWS refuses what is more than five minutes off; SDKs correct from four on.
    constexpr std::chrono::minutes tolerated{4};
    const auto server = parse_http_date(date);
    if (!server) return std::nullopt;
    const auto off = std::chrono::duration_cast<std::chrono::seconds>(*server - now());
    if (std::chrono::abs(off) < tolerated) return std::nullopt;
    ahead_ += off;
    return ahead_;
}

std::string skew_text(std::chrono::seconds ahead) {
    return fmt::format("this machine's clock is {} minutes {} AWS's",
                       std::chrono::round<std::chrono::minutes>(std::chrono::abs(ahead)).count(),
                       ahead.count() > 0 ? "behind" : "ahead of");
}

}  // namespace tti::aws
