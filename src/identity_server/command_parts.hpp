#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/context.hpp"
#include "identity_server/rules.hpp"
#include "identity_server/tenant.hpp"
#include "settings/option.hpp"
#include "settings/values.hpp"
#include "util/secret.hpp"

namespace tti::identity_server {

// What the create commands share: options, and their checks before any connection is opened.

settings::Option tenant_option(std::string description);
// The settings that opening the database needs, and those of the command.
std::vector<std::string> with_database_settings(std::vector<std::string> more = {});

// Throws UsageError with the option, `shown` (empty for a secret), its source and the rule.
void require(const settings::Values& values, std::string_view option, std::string_view shown,
             const Check& check);

// --tenant-id; empty where it was not given.
std::string tenant_argument(const settings::Values& values);
std::optional<std::string> given_text(const settings::Values& values, std::string_view option);
std::optional<bool> given_boolean(const settings::Values& values, std::string_view option);
// What --OPTION holds, or what --OPTION-from points to; both are a UsageError.
std::optional<Secret> given_secret(cli::Context& context, const std::string& option);
// Throws UsageError when more than one of the flags is given (a boolean one: given as true).
void require_at_most_one(const settings::Values& values, const std::vector<std::string>& options);

// "tenant acme", for messages.
std::string describe(const Tenant& tenant);

}  // namespace tti::identity_server
