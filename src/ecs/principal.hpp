#pragma once

#include <optional>
#include <string>

namespace tti::ecs {

// The parts of "arn:aws:ecs:eu-west-1:123456789012:task-definition/ops:3".
struct Arn {
    std::string partition;
    std::string service;
    std::string region;
    std::string account;
    std::string resource;  // all behind the account
};
std::optional<Arn> parse_arn(const std::string& text);

// Whose policies count for a caller, by the ARN that STS tells: a user, or the role behind an assumed one.
// None for a root user, whom policies do not bind, and for a federated one.
struct Principal {
    std::string arn;
    std::string role;  // its name, whose path is not in the ARN of the caller; empty for a user
};
std::optional<Principal> principal_of(const std::string& caller);

}  // namespace tti::ecs
