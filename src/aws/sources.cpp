#include "aws/sources.hpp"

#include <fmt/format.h>

#include "aws/metadata.hpp"
#include "util/error.hpp"
#include "util/file.hpp"
#include "util/process.hpp"
#include "util/text.hpp"

namespace tti::aws {

Credentials FileSource::fetch() {
    const auto profile = Profiles(surroundings_).profile(profile_);
    Credentials credentials{.access_key_id = value_of(profile, "aws_access_key_id"),
                            .secret_access_key = Secret(value_of(profile, "aws_secret_access_key")),
                            .session_token = Secret(value_of(profile, "aws_session_token")),
                            .source = "profile " + profile_};
    if (credentials.access_key_id.empty() || credentials.secret_access_key.empty()) {
        throw UsageError(
            fmt::format("profile {} has one of aws_access_key_id and aws_secret_access_key only", profile_),
            "Both belong together, in ~/.aws/credentials or ~/.aws/config.");
    }
    return credentials;
}

Credentials ProcessSource::fetch() {
    util::Program program{.arguments = {"/bin/sh", "-c", command_}, .shares_errors = true};
    for (const auto& [name, value] : surroundings_.environment) {
        program.environment.push_back(fmt::format("{}={}", name, value));
    }
    const auto finished = util::run(program, surroundings_.stop);
    const auto where = fmt::format("credential_process of profile {}", profile_);
    if (finished.exit_code != 0) {
        throw UsageError(fmt::format("{} ended with exit code {}", where, finished.exit_code),
                         "What it said stands above; run it by hand: " + command_);
    }
    auto credentials = parse_credentials(finished.output, "profile " + profile_);
    if (!credentials) throw UsageError(fmt::format("{}: {}", where, credentials.error()));
    return std::move(*credentials);
}

RoleSource::RoleSource(const Surroundings& surroundings, std::unique_ptr<CredentialSource> base,
                       AssumedRole role, const StsMaker& make_sts)
    : base_(std::move(base)),
      cache_(*base_, surroundings.clock),
      role_(std::move(role)),
      sts_(make_sts(&cache_)) {}

Credentials RoleSource::fetch() {
    return assume_role(*sts_, role_);
}

WebIdentitySource::WebIdentitySource(const Surroundings& surroundings, std::string token_file,
                                     AssumedRole role, const StsMaker& make_sts)
    : surroundings_(surroundings),
      token_file_(std::move(token_file)),
      role_(std::move(role)),
      sts_(make_sts(nullptr)) {}

Credentials WebIdentitySource::fetch() {
    const auto token = util::read_file(path_named(surroundings_, token_file_));
    if (!token) {
        throw UsageError(fmt::format("web identity token {} cannot be read: {}", token_file_, token.error()),
                         "AWS_WEB_IDENTITY_TOKEN_FILE, or web_identity_token_file of the profile, names it.");
    }
    return assume_role_with_web_identity(*sts_, role_, Secret(std::string(util::trim(*token))));
}

}  // namespace tti::aws
