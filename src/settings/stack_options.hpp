#pragma once

#include <span>
#include <string_view>

namespace tti::settings {

// Options of the stack in groups of ours that this program does not use; "is.email.*" stands for a whole
// group.
std::span<const std::string_view> stack_options();

}  // namespace tti::settings
