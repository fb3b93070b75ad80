#pragma once

#include <memory>
#include <string>

#include "backup/place.hpp"
#include "cli/context.hpp"

namespace tti::backup {

// A folder, seen from where the command was given. Throws UsageError for what is no place.
std::unique_ptr<Place> open_place(const cli::Context& context, const std::string& text);

}  // namespace tti::backup
