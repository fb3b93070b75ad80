#include "ecs/console_links.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "util/percent.hpp"

namespace tti::ecs {
namespace {

// Source: AWS's table of partitions and the sign-in pages of each.
std::string console_of(const std::string& region) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 4> domains{{
        {"cn-", "console.amazonaws.cn"},
        {"us-gov-", "console.amazonaws-us-gov.com"},
        {"us-iso", ""},
        {"eu-isoe-", ""},
    }};
    std::string_view domain = "console.aws.amazon.com";
    for (const auto& [prefix, of_partition] : domains) {
        if (region.starts_with(prefix)) domain = of_partition;
    }
    return domain.empty() ? "" : fmt::format("https://{}.{}", region, domain);
}

// The page of CloudWatch reads what is behind "#" as percent-encoded twice, with "$" for "%".
std::string encoded(const std::string& text) {
    auto twice = util::percent_encoded(util::percent_encoded(text));
    std::ranges::replace(twice, '%', '$');
    return twice;
}

}  // namespace

std::string task_link(const std::string& region, const std::string& cluster, const std::string& task_id) {
    const auto console = console_of(region);
    if (console.empty()) return {};
    const auto name = cluster.substr(cluster.rfind('/') + 1);  // of a name or an ARN
    return fmt::format("{}/ecs/v2/clusters/{}/tasks/{}/configuration?region={}", console, name, task_id,
                       region);
}

std::string log_link(const std::string& region, const std::string& group, const std::string& stream) {
    const auto console = console_of(region);
    if (console.empty()) return {};
    return fmt::format("{}/cloudwatch/home?region={}#logsV2:log-groups/log-group/{}/log-events/{}", console,
                       region, encoded(group), encoded(stream));
}

}  // namespace tti::ecs
