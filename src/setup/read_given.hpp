#pragma once

#include "cli/context.hpp"
#include "setup/given.hpp"

namespace tti::setup {

// What the file that is named, and the flags, say. Throws UsageError where the file cannot be read or is no
// YAML.
Given read_given(const settings::Surroundings& surroundings, const settings::Values& values);

}  // namespace tti::setup
