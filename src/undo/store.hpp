#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "aws/s3.hpp"
#include "cli/context.hpp"

namespace tti::undo {

// What the names of undo files end in.
inline constexpr std::string_view file_suffix = ".undo";

bool is_in_store(std::string_view text);
// Of "s3://BUCKET/FOLDER", with a slash at its end. Throws UsageError that names `option`.
aws::ObjectAddress folder_address(std::string_view option, const std::string& text);
// S3 as this run sees it. The context has to outlive it. Throws UsageError where no region is known.
std::shared_ptr<aws::S3> open_store(const cli::Context& context);

}  // namespace tti::undo
