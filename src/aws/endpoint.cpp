#include "aws/endpoint.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <fmt/format.h>

#include "util/error.hpp"
#include "util/text.hpp"

namespace tti::aws {
namespace {

struct Name {
    std::string_view service;
    std::string_view identity;  // AWS's service identity, as variables have it
};
constexpr std::array<Name, 9> names{{{"cloudformation", "CLOUDFORMATION"},
                                     {"ec2", "EC2"},
                                     {"ecs", "ECS"},
                                     {"iam", "IAM"},
                                     {"logs", "CLOUDWATCH_LOGS"},
                                     {"s3", "S3"},
                                     {"secretsmanager", "SECRETS_MANAGER"},
                                     {"ssm", "SSM"},
                                     {"sts", "STS"}}};

std::string identity_of(const std::string& service) {
    for (const auto& [name, identity] : names) {
        if (name == service) return std::string(identity);
    }
    throw std::logic_error("no service " + service);
}

// IAM is one for all regions of a partition. Source: AWS, "IAM endpoints and quotas".
struct GlobalEndpoint {
    std::string_view regions;  // beginning of their names
    std::string_view host;
    std::string_view region;  // in signatures
};
constexpr std::array<GlobalEndpoint, 5> identity_endpoints{
    {{"cn-", "iam.cn-north-1.amazonaws.com.cn", "cn-north-1"},
     {"us-gov-", "iam.us-gov.amazonaws.com", "us-gov-west-1"},
     {"us-iso-", "iam.us-iso-east-1.c2s.ic.gov", "us-iso-east-1"},
     {"us-isob-", "iam.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1"},
     {"", "iam.amazonaws.com", "us-east-1"}}};

const GlobalEndpoint& identity_endpoint(const std::string& region) {
    return *std::find_if(
        identity_endpoints.begin(), identity_endpoints.end() - 1,
        [&region](const GlobalEndpoint& endpoint) { return region.starts_with(endpoint.regions); });
}

std::string own_host(const std::string& service, const std::string& region) {
    if (service == "iam") return std::string(identity_endpoint(region).host);
    return fmt::format("{}.{}.{}", service, region, domain_of(region));
}

void refuse_other_kinds(const Environment& environment, const Section& profile) {
    for (const auto* kind : {"use_fips_endpoint", "use_dualstack_endpoint"}) {
        const auto name = "AWS_" + util::upper(kind);
        if (switched_on(environment, name) || util::lower(value_of(profile, kind)) == "true") {
            throw UsageError(fmt::format("{} is set, and such endpoints are not known here", name),
                             "Name the endpoint with AWS_ENDPOINT_URL_<SERVICE> instead.");
        }
    }
}

// What was named, and where; both empty where nothing was.
std::pair<std::string, std::string> named_url(const std::string& service, const Environment& environment,
                                              const Profiles& profiles) {
    if (switched_on(environment, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")) return {};
    const auto identity = identity_of(service);
    for (const auto& name : {"AWS_ENDPOINT_URL_" + identity, std::string("AWS_ENDPOINT_URL")}) {
        if (const auto url = variable(environment, name); !url.empty()) return {url, "variable " + name};
    }
    const auto profile = profiles.profile(profile_name(environment));
    const auto services = profiles.services(value_of(profile, "services"));
    const auto own = value_of(services, util::lower(identity) + ".endpoint_url");
    return {own.empty() ? value_of(profile, "endpoint_url") : own,
            fmt::format("profile {}", profile_name(environment))};
}

}  // namespace

Expected<Endpoint> parse_endpoint(std::string_view url) {
    constexpr auto accepted = "accepted: a URL such as https://s3.example.com or http://localhost:9000";
    Endpoint endpoint{.custom = true};
    const auto scheme_end = url.find("://");
    if (scheme_end == std::string_view::npos) return unexpected(accepted);
    endpoint.scheme = util::lower(url.substr(0, scheme_end));
    const auto rest = url.substr(scheme_end + 3);
    const auto slash = std::min(rest.find('/'), rest.size());
    endpoint.host = rest.substr(0, slash);
    endpoint.base_path = rest.substr(slash);
    while (endpoint.base_path.ends_with('/')) endpoint.base_path.pop_back();
    const bool known = endpoint.scheme == "http" || endpoint.scheme == "https";
    if (!known || endpoint.host.empty() || url.find_first_of("@?# \t\r\n\\") != std::string_view::npos) {
        return unexpected(accepted);
    }
    const std::string usual = endpoint.scheme == "http" ? ":80" : ":443";
    if (endpoint.host.ends_with(usual)) endpoint.host.resize(endpoint.host.size() - usual.size());
    return endpoint;
}

Endpoint endpoint_of(const std::string& service, const std::string& region, const Environment& environment,
                     const Profiles& profiles) {
    const auto [url, where] = named_url(service, environment, profiles);
    if (!url.empty()) {
        auto endpoint = parse_endpoint(url);
        if (!endpoint) throw UsageError(fmt::format("{}: {:?}: {}", where, url, endpoint.error()));
        return std::move(*endpoint);
    }
    refuse_other_kinds(environment, profiles.profile(profile_name(environment)));
    return {.scheme = "https", .host = own_host(service, region)};
}

std::string signing_region(const std::string& service, const std::string& region) {
    return service == "iam" ? std::string(identity_endpoint(region).region) : region;
}

std::string domain_of(const std::string& region) {
    // Source: AWS's table of partitions.
    constexpr std::array<std::pair<std::string_view, std::string_view>, 5> domains{
        {{"cn-", "amazonaws.com.cn"},
         {"us-iso-", "c2s.ic.gov"},
         {"us-isob-", "sc2s.sgov.gov"},
         {"eu-isoe-", "cloud.adc-e.uk"},
         {"eusc-", "amazonaws.eu"}}};
    for (const auto& [prefix, domain] : domains) {
        if (region.starts_with(prefix)) return std::string(domain);
    }
    return "amazonaws.com";
}

}  // namespace tti::aws
