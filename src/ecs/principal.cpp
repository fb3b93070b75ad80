#include "ecs/principal.hpp"

#include <fmt/format.h>

#include "util/text.hpp"

namespace tti::ecs {

std::optional<Arn> parse_arn(const std::string& text) {
    const auto parts = util::split(text, ':');
    constexpr std::size_t before_resource = 5;
    if (parts.size() <= before_resource || parts[0] != "arn") return std::nullopt;
    std::size_t resource = 0;
    for (std::size_t part = 0; part < before_resource; ++part) resource += parts[part].size() + 1;
    return Arn{.partition = parts[1],
               .service = parts[2],
               .region = parts[3],
               .account = parts[4],
               .resource = text.substr(resource)};
}

std::optional<Principal> principal_of(const std::string& caller) {
    const auto arn = parse_arn(caller);
    if (!arn) return std::nullopt;
    if (arn->service == "iam" && arn->resource.starts_with("user/")) return Principal{caller, ""};
    const auto parts = util::split(arn->resource, '/');
    if (arn->service != "sts" || parts.size() < 2 || parts[0] != "assumed-role") return std::nullopt;
    return Principal{fmt::format("arn:{}:iam::{}:role/{}", arn->partition, arn->account, parts[1]), parts[1]};
}

}  // namespace tti::ecs
