#pragma once

#include <functional>
#include <istream>
#include <optional>
#include <string>

#include "settings/resolve.hpp"
#include "util/secret.hpp"

namespace tti::settings {

// The forms of a reference, for the description of an option.
constexpr auto secret_reference_forms =
    "env:NAME, file:PATH, secretsmanager:NAME#FIELD, ssm:NAME, or - for standard input";

// Reads references to a place that a room above knows; nothing for one that is not of its kind.
using SecretStore = std::function<std::optional<Secret>(const std::string& reference)>;

// Reads what "env:NAME", "file:PATH" or "-" (standard input, one line) points to, and by `store` what is
// elsewhere. A final line break is cut off. Throws UsageError naming `option` when there is nothing there;
// the secret itself is never in a message.
Secret read_secret(const std::string& option, const std::string& reference, const Surroundings& surroundings,
                   std::istream& standard_input, const SecretStore& store = {});

}  // namespace tti::settings
