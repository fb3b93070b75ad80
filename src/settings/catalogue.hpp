#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "settings/option.hpp"

namespace tti::settings {

// Every setting (from flags, environment and files) of this program.
const std::vector<Option>& catalogue();

// Whether `name` is an option of the stack that does not concern us and sits in a group of ours
// ("is.read-database-uri").
bool is_known_elsewhere(std::string_view name);

// The option of ours that an unknown `name` probably means, for a warning; empty when the name is not in one
// of our groups or is the stack's own.
std::string nearest_option(std::string_view name);
// The same for a variable ("TTN_LW_IS_DELETE_RESTOR"); the answer is an option's name.
std::string nearest_option_of_variable(std::string_view variable);

}  // namespace tti::settings
