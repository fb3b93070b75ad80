#include "settings/stack_options.hpp"

#include <array>

namespace tti::settings {

std::span<const std::string_view> stack_options() {
    static constexpr std::array<std::string_view, 34> names{
        "experimental.features",
        "is.admin-rights.*",
        "is.application-limits.*",
        "is.auth-cache.*",
        "is.client-limits.*",
        "is.collaborator-rights.*",
        "is.database-max-idle-conns",
        "is.database-max-open-conns",
        "is.database.migrate",
        "is.dev-eui-block.application-limit",
        "is.dev-eui-block.enabled",
        "is.email.*",
        "is.end-device-picture.*",
        "is.end-devices.*",
        "is.gateway-limits.*",
        "is.gateways.*",
        "is.login-tokens.*",
        "is.network.*",
        "is.oauth.*",
        "is.organization-limits.*",
        "is.pagination.*",
        "is.profile-picture.*",
        "is.read-database-uri",
        "is.tenancy.*",
        "is.user-limits.*",
        "is.user-login.*",
        "is.user-registration.admin-approval.*",
        "is.user-registration.contact-info-validation.*",
        "is.user-registration.enabled",
        "is.user-registration.invitation.*",
        "is.user-rights.*",
        "skip-version-check",
        "tenancy.base-domains",
        "tenancy.ttl",
    };
    return names;
}

}  // namespace tti::settings
