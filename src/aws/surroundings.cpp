#include "aws/surroundings.hpp"

namespace tti::aws {
namespace {

std::string either(const Environment& environment, const std::string& lower, const std::string& upper) {
    const auto value = variable(environment, lower);
    return value.empty() ? variable(environment, upper) : value;
}

}  // namespace

std::filesystem::path path_named(const Surroundings& surroundings, const std::string& name) {
    return name.starts_with("~/") ? surroundings.home / name.substr(2) : std::filesystem::path(name);
}

http::ClientOptions client_options(const Surroundings& surroundings, const std::string& context,
                                   const std::string& url) {
    const auto& environment = surroundings.environment;
    http::ClientOptions options{.context = context};
    // The variable HTTP_PROXY is a header of a web server's client, so only the lower case one counts.
    options.proxy = url.starts_with("https:") ? either(environment, "https_proxy", "HTTPS_PROXY")
                                              : variable(environment, "http_proxy");
    options.no_proxy = either(environment, "no_proxy", "NO_PROXY");
    const auto bundle = variable(environment, "AWS_CA_BUNDLE");
    if (!bundle.empty()) options.authorities = path_named(surroundings, bundle).string();
    return options;
}

}  // namespace tti::aws
