#pragma once

#include <string>
#include <string_view>

#include "settings/values.hpp"
#include "util/error.hpp"

namespace tti::settings {

// The hint where nothing but a value is wrong, which is looked at before anything is done.
inline constexpr auto correct_it = "Correct it and run the command again; nothing was changed.";

// For a value that its option's type allows and that still cannot be. The message has the option, `shown` for
// its value (empty: it is not shown), where that comes from, and the reason: "accepted: 1 or more".
UsageError bad_value(const Values& values, std::string_view option, std::string_view shown,
                     std::string_view reason, std::string hint = correct_it);

// A text as such a message shows it.
std::string in_quotes(std::string_view text);

}  // namespace tti::settings
