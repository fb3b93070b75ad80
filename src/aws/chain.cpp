#include "aws/chain.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "aws/metadata.hpp"
#include "aws/sources.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

namespace tti::aws {
namespace {

using Source = std::unique_ptr<CredentialSource>;

// AWS's tools look at this variable too, in their first days' spelling.
std::string session_token_in(const Environment& environment) {
    const auto token = variable(environment, "AWS_SESSION_TOKEN");
    return token.empty() ? variable(environment, "AWS_SECURITY_TOKEN") : token;
}

Source from_variables(const Environment& environment) {
    const auto key = variable(environment, "AWS_ACCESS_KEY_ID");
    const auto secret = variable(environment, "AWS_SECRET_ACCESS_KEY");
    if (key.empty() != secret.empty()) {
        throw UsageError(fmt::format("variable {} is set, and {} is not",
                                     key.empty() ? "AWS_SECRET_ACCESS_KEY" : "AWS_ACCESS_KEY_ID",
                                     key.empty() ? "AWS_ACCESS_KEY_ID" : "AWS_SECRET_ACCESS_KEY"),
                         "Both belong together.");
    }
    if (key.empty()) return nullptr;
    return std::make_unique<FixedSource>(Credentials{.access_key_id = key,
                                                     .secret_access_key = Secret(secret),
                                                     .session_token = Secret(session_token_in(environment)),
                                                     .source = "variables"});
}

bool has_keys(const Section& profile) {
    return profile.contains("aws_access_key_id") || profile.contains("aws_secret_access_key");
}

std::optional<std::chrono::seconds> duration_in(const Section& profile, const std::string& name) {
    const auto text = value_of(profile, "duration_seconds");
    if (text.empty()) return std::nullopt;
    const bool digits = text.size() < 7 && text.find_first_not_of("0123456789") == std::string::npos;
    if (!digits) throw UsageError(fmt::format("profile {}: duration_seconds = {}: no number", name, text));
    return std::chrono::seconds{std::stoi(text)};
}

class Chain {
  public:
    Chain(const Surroundings& surroundings, const Profiles& profiles, const StsMaker& make_sts)
        : surroundings_(surroundings), profiles_(profiles), make_sts_(make_sts) {}

    Source find() {
        if (auto source = from_variables(environment())) return source;
        if (auto source = from_profile(profile_name(environment()))) return source;
        if (auto source = from_web_identity_variables()) return source;
        if (auto source = from_container()) return source;
        if (auto source = from_instance()) return source;
        throw UsageError(
            "no AWS credentials found",
            "Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give the task or "
            "the machine a role.");
    }

  private:
    [[nodiscard]] const Environment& environment() const { return surroundings_.environment; }

    // Nothing where the profile says nothing of credentials.
    Source from_profile(const std::string& name) {
        require_known(name);
        const auto profile = profiles_.profile(name);
        const bool by_source = profile.contains("source_profile") || profile.contains("credential_source");
        if (profile.contains("role_arn") && by_source && !seen(name)) return from_role(name, profile);
        if (profile.contains("role_arn") && profile.contains("web_identity_token_file")) {
            return std::make_unique<WebIdentitySource>(surroundings_,
                                                       value_of(profile, "web_identity_token_file"),
                                                       role_in(name, profile), make_sts_);
        }
        if (has_keys(profile)) return std::make_unique<FileSource>(surroundings_, name);
        if (profile.contains("credential_process")) {
            return std::make_unique<ProcessSource>(surroundings_, value_of(profile, "credential_process"),
                                                   name);
        }
        refuse_sign_on(name, profile);
        return nullptr;
    }

    void require_known(const std::string& name) const {
        if (name == "default" || profiles_.has(name)) return;
        const auto names = profiles_.names();
        throw UsageError(fmt::format("there is no AWS profile {:?}", name),
                         names.empty() ? "~/.aws/config and ~/.aws/credentials name none."
                                       : "There are: " + util::join(names, ", ") + ".");
    }

    // Whether the profile is being followed already. One may name itself, if it has keys of its own.
    [[nodiscard]] bool seen(const std::string& name) const {
        return std::find(followed_.begin(), followed_.end(), name) != followed_.end();
    }

    [[nodiscard]] AssumedRole role_in(const std::string& name, const Section& profile) const {
        const auto given = value_of(profile, "role_session_name");
        return {.role_arn = value_of(profile, "role_arn"),
                .session_name = given.empty() ? session_name() : given,
                .external_id = value_of(profile, "external_id"),
                .duration = duration_in(profile, name)};
    }

    [[nodiscard]] std::string session_name() const {
        const auto given = variable(environment(), "AWS_ROLE_SESSION_NAME");
        return given.empty() ? "tti-lw-stack-" + signing_time(surroundings_.clock.now()) : given;
    }

    Source from_role(const std::string& name, const Section& profile) {
        if (profile.contains("mfa_serial")) {
            throw UsageError(fmt::format("profile {} asks for the code of a device (mfa_serial)", name),
                             sign_on_hint(name));
        }
        followed_.push_back(name);
        return std::make_unique<RoleSource>(surroundings_, base_of_role(name, profile),
                                            role_in(name, profile), make_sts_);
    }

    Source base_of_role(const std::string& name, const Section& profile) {
        const auto origin = value_of(profile, "credential_source");
        if (!origin.empty()) return from_named_origin(name, origin);
        const auto other = value_of(profile, "source_profile");
        if (!profiles_.has(other)) {
            throw UsageError(fmt::format("profile {}: there is no source_profile {:?}", name, other));
        }
        if (seen(other) && !has_keys(profiles_.profile(other))) {
            throw UsageError(fmt::format("profile {}: source_profile {} leads back to itself", name, other));
        }
        auto base = from_profile(other);
        if (!base) {
            throw UsageError(fmt::format("profile {}: source_profile {} has no credentials", name, other));
        }
        return base;
    }

    Source from_named_origin(const std::string& name, const std::string& origin) {
        Source source;
        if (origin == "Environment") source = from_variables(environment());
        if (origin == "EcsContainer") source = from_container();
        if (origin == "Ec2InstanceMetadata") source = std::make_unique<InstanceSource>(surroundings_);
        if (source) return source;
        throw UsageError(fmt::format("profile {}: credential_source = {} gives none", name, origin),
                         "Accepted: Environment, EcsContainer, Ec2InstanceMetadata.");
    }

    static std::string sign_on_hint(const std::string& name) {
        return fmt::format(
            "Sign in with the AWS CLI, then: eval \"$(aws configure export-credentials --profile "
            "{} --format env)\"",
            name);
    }

    static void refuse_sign_on(const std::string& name, const Section& profile) {
        for (const auto* setting : {"sso_session", "sso_start_url", "login_session"}) {
            if (!profile.contains(setting)) continue;
            throw UsageError(
                fmt::format("profile {} signs a person in ({}), which is not done here", name, setting),
                sign_on_hint(name));
        }
    }

    Source from_web_identity_variables() {
        const auto file = variable(environment(), "AWS_WEB_IDENTITY_TOKEN_FILE");
        const auto role = variable(environment(), "AWS_ROLE_ARN");
        if (file.empty()) return nullptr;
        if (role.empty())
            throw UsageError("variable AWS_WEB_IDENTITY_TOKEN_FILE is set, and AWS_ROLE_ARN is not");
        return std::make_unique<WebIdentitySource>(
            surroundings_, file, AssumedRole{.role_arn = role, .session_name = session_name()}, make_sts_);
    }

    Source from_container() {
        const auto url = container_url(environment());
        return url ? std::make_unique<ContainerSource>(surroundings_, *url) : nullptr;
    }

    // An instance that has no role is no source: the error is then that there is none at all.
    Source from_instance() {
        auto source = std::make_unique<InstanceSource>(surroundings_);
        try {
            source->fetch();
        } catch (const UnreachableError&) {
            return nullptr;
        }
        return source;
    }

    const Surroundings& surroundings_;
    const Profiles& profiles_;
    const StsMaker& make_sts_;
    std::vector<std::string> followed_;
};

}  // namespace

std::unique_ptr<CredentialSource> find_credentials(const Surroundings& surroundings, const Profiles& profiles,
                                                   const StsMaker& make_sts) {
    return Chain(surroundings, profiles, make_sts).find();
}

}  // namespace tti::aws
