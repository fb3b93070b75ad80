#include "aws/signature.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "util/percent.hpp"
#include "util/sha256.hpp"
#include "util/text.hpp"

namespace tti::aws {
namespace {

constexpr auto algorithm = "AWS4-HMAC-SHA256";
constexpr auto content_hash = "x-amz-content-sha256";

// S3 takes a path as it stands; all others want it encoded twice.
std::string canonical_path(const Request& request, const Scope& scope) {
    const auto path = path_encoded(request.path);
    return scope.service == "s3" ? path : path_encoded(path);
}

// Sorted by what stands in the request: encoded names, then encoded values.
std::string canonical_query(const Request& request) {
    std::vector<std::pair<std::string, std::string>> pairs;
    for (const auto& [name, value] : request.query) {
        pairs.emplace_back(util::percent_encoded(name), util::percent_encoded(value));
    }
    std::sort(pairs.begin(), pairs.end());
    std::string text;
    for (const auto& [name, value] : pairs) {
        text += fmt::format("{}{}={}", text.empty() ? "" : "&", name, value);
    }
    return text;
}

std::string canonical_headers(const Request& request) {
    std::string lines;
    for (const auto& [name, value] : request.headers) {
        // White space within a value counts as one space.
        lines += fmt::format("{}:{}\n", name, util::join(util::words(value), " "));
    }
    return lines;
}

std::string signed_names(const Request& request) {
    std::string names;
    for (const auto& [name, value] : request.headers) names += (names.empty() ? "" : ";") + name;
    return names;
}

Secret signing_key(const Credentials& credentials, const std::string& day, const Scope& scope) {
    Secret key("AWS4" + credentials.secret_access_key.reveal());
    for (const auto& part : {day, scope.region, scope.service, std::string("aws4_request")}) {
        key = Secret(util::hmac_sha256(key.reveal(), part));
    }
    return key;
}

}  // namespace

void sign(Request& request, const std::string& host, const Credentials& credentials, const Scope& scope,
          Time time) {
    const auto now = signing_time(time);
    const auto day = now.substr(0, now.find('T'));
    const auto body_hash = util::hex(util::sha256(request.body));
    request.headers.erase("authorization");
    request.headers.erase("x-amz-security-token");
    request.headers["host"] = host;
    request.headers["x-amz-date"] = now;
    if (scope.service == "s3") request.headers[content_hash] = body_hash;
    if (!credentials.session_token.empty()) {
        request.headers["x-amz-security-token"] = credentials.session_token.reveal();
    }
    const auto names = signed_names(request);
    const auto canonical =
        fmt::format("{}\n{}\n{}\n{}\n{}\n{}", request.method, canonical_path(request, scope),
                    canonical_query(request), canonical_headers(request), names, body_hash);
    const auto place = fmt::format("{}/{}/{}/aws4_request", day, scope.region, scope.service);
    const auto to_sign =
        fmt::format("{}\n{}\n{}\n{}", algorithm, now, place, util::hex(util::sha256(canonical)));
    const auto key = signing_key(credentials, day, scope);
    request.headers["authorization"] = fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}",
                                                   algorithm, credentials.access_key_id, place, names,
                                                   util::hex(util::hmac_sha256(key.reveal(), to_sign)));
}

}  // namespace tti::aws
