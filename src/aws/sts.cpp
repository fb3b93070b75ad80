#include "aws/sts.hpp"

#include <fmt/format.h>

#include "aws/query_protocol.hpp"

namespace tti::aws {
namespace {

constexpr auto version = "2011-06-15";

Parameters parameters_of(const AssumedRole& role) {
    return {{"RoleArn", role.role_arn},
            {"RoleSessionName", role.session_name},
            {"ExternalId", role.external_id},
            {"DurationSeconds", role.duration ? std::to_string(role.duration->count()) : ""}};
}

Credentials credentials_in(const Xml& answer, const AssumedRole& role) {
    const auto found = answer.find("Credentials");
    Credentials credentials{.access_key_id = found.child_value("AccessKeyId"),
                            .secret_access_key = Secret(found.child_value("SecretAccessKey")),
                            .session_token = Secret(found.child_value("SessionToken")),
                            .expires = parse_iso_time(found.child_value("Expiration")),
                            .source = "role " + role.role_arn};
    if (credentials.access_key_id.empty() || credentials.secret_access_key.empty()) {
        throw Error(ExitCode::unexpected, fmt::format("AWS sts gave no keys for role {}", role.role_arn));
    }
    return credentials;
}

}  // namespace

Credentials assume_role(Service& sts, const AssumedRole& role) {
    return credentials_in(query_call(sts, "AssumeRole", version, parameters_of(role)), role);
}

Credentials assume_role_with_web_identity(Service& sts, const AssumedRole& role, const Secret& token) {
    auto parameters = parameters_of(role);
    parameters.emplace_back("WebIdentityToken", token.reveal());
    return credentials_in(query_call(sts, "AssumeRoleWithWebIdentity", version, parameters), role);
}

CallerIdentity get_caller_identity(Service& sts) {
    const auto answer = query_call(sts, "GetCallerIdentity", version, {});
    const auto result = answer.find("GetCallerIdentityResult");
    return {.account = result.child_value("Account"),
            .arn = result.child_value("Arn"),
            .user_id = result.child_value("UserId")};
}

}  // namespace tti::aws
