#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "backup/place.hpp"
#include "cli/context.hpp"

namespace tti::backup {

// Whether it names something that is no path.
bool is_elsewhere(std::string_view text);

// "s3://BUCKET/FOLDER", or a folder, seen from where the command was given. Throws UsageError for what is
// neither. The context has to outlive it.
std::unique_ptr<Place> open_place(const cli::Context& context, const std::string& text);
// The same, to write into as --s3-encryption says.
std::unique_ptr<Place> open_place_to_write(const cli::Context& context, const std::string& text);

}  // namespace tti::backup
