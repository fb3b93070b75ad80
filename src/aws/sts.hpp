#pragma once

#include <chrono>
#include <string>

#include "aws/service.hpp"

namespace tti::aws {

struct AssumedRole {
    std::string role_arn;
    std::string session_name;
    std::string external_id;                         // empty: none
    std::optional<std::chrono::seconds> duration{};  // none: an hour, AWS's default
};

// With a service whose credentials may assume the role.
Credentials assume_role(Service& sts, const AssumedRole& role);
// With a service that signs nothing: the token of the web identity stands for credentials.
Credentials assume_role_with_web_identity(Service& sts, const AssumedRole& role, const Secret& token);

struct CallerIdentity {
    std::string account;  // "123456789012"
    std::string arn;
    std::string user_id;
};
CallerIdentity get_caller_identity(Service& sts);

}  // namespace tti::aws
