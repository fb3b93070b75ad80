#pragma once

#include <string>
#include <string_view>

#include "aws/profile.hpp"
#include "util/expected.hpp"

namespace tti::aws {

// Where a service answers.
struct Endpoint {
    std::string scheme;     // "https"
    std::string host;       // with the port where it is not the scheme's own, as in the header host
    std::string base_path;  // without a slash at its end; usually empty
    bool custom = false;    // named by somebody, not AWS's own
    [[nodiscard]] std::string url() const { return scheme + "://" + host; }
};

Expected<Endpoint> parse_endpoint(std::string_view url);

// By AWS_ENDPOINT_URL_<SERVICE>, AWS_ENDPOINT_URL, the profile's section "services" and its endpoint_url, as
// AWS's tools have it, else AWS's own. `service` as in signatures: "s3", "secretsmanager". Throws UsageError.
Endpoint endpoint_of(const std::string& service, const std::string& region, const Environment& environment,
                     const Profiles& profiles);

// The region in signatures: another one than the run's for a service that is one for all regions.
std::string signing_region(const std::string& service, const std::string& region);

// "amazonaws.com.cn" for regions in China.
std::string domain_of(const std::string& region);

}  // namespace tti::aws
