#pragma once

#include "cli/reference.hpp"

namespace tti::doctor {

// "checks": what doctor looks at, and why.
cli::ReferencePage checks_page();

}  // namespace tti::doctor
