#pragma once

#include <istream>
#include <string>

#include "settings/resolve.hpp"
#include "util/secret.hpp"

namespace tti::settings {

// Reads what "env:NAME", "file:PATH" or "-" (standard input, one line) points to. A final line break is cut
// off. Throws UsageError naming `option` when there is nothing there; the secret itself is never in a
// message.
Secret read_secret(const std::string& option, const std::string& reference, const Surroundings& surroundings,
                   std::istream& standard_input);

}  // namespace tti::settings
