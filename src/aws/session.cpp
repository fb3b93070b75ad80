#include "aws/session.hpp"

#include <charconv>

#include <fmt/format.h>

#include "aws/metadata.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

namespace tti::aws {

Session::Session(const Surroundings& surroundings)
    : surroundings_(surroundings), profiles_(surroundings), time_(surroundings.clock) {}

const std::string& Session::region() {
    if (!region_) region_ = find_region();
    if (!region_) {
        throw UsageError("no AWS region is named",
                         "Set AWS_REGION, such as AWS_REGION=eu-west-1, or region in the profile.");
    }
    return *region_;
}

std::optional<std::string> Session::find_region() const {
    const auto& environment = surroundings_.environment;
    auto found = variable(environment, "AWS_REGION");
    if (found.empty()) found = variable(environment, "AWS_DEFAULT_REGION");
    if (found.empty()) found = value_of(profiles_.profile(profile_name(environment)), "region");
    if (found.empty())
        found = InstanceMetadata(surroundings_).get("/latest/meta-data/placement/region").value_or("");
    const auto name = util::trim(found);
    if (name.empty()) return std::nullopt;
    // It becomes part of a host's name.
    if (name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string_view::npos) {
        throw UsageError(fmt::format("{:?} is no AWS region", name), "A region is such as eu-west-1.");
    }
    return std::string(name);
}

CredentialCache& Session::credentials() {
    if (!credentials_) {
        source_ = find_credentials(surroundings_, profiles_,
                                   [this](CredentialCache* signer) { return sts_for_roles(signer); });
        credentials_ = std::make_unique<CredentialCache>(*source_, surroundings_.clock);
    }
    return *credentials_;
}

std::unique_ptr<Service> Session::sts_for_roles(CredentialCache* credentials) {
    return std::make_unique<Service>(make("sts", region(), credentials));
}

Patience Session::patience() const {
    auto text = variable(surroundings_.environment, "AWS_MAX_ATTEMPTS");
    const auto profile = profiles_.profile(profile_name(surroundings_.environment));
    if (text.empty()) text = value_of(profile, "max_attempts");
    Patience patience;
    if (text.empty()) return patience;
    constexpr int most = 100;
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, patience.attempts);
    if (error != std::errc() || stop != end || patience.attempts < 1 || patience.attempts > most) {
        throw UsageError(
            fmt::format("AWS_MAX_ATTEMPTS or max_attempts = {:?}: accepted: 1 to {}", text, most));
    }
    return patience;
}

Service Session::service(const std::string& name) {
    return service(name, region());
}

Service Session::service(const std::string& name, const std::string& region) {
    return make(name, region, &credentials());
}

Service Session::make(const std::string& name, const std::string& region, CredentialCache* credentials) {
    return {{.name = name,
             .region = signing_region(name, region),
             .endpoint = endpoint_of(name, region, surroundings_.environment, profiles_),
             .patience = patience()},
            surroundings_,
            time_,
            credentials};
}

}  // namespace tti::aws
