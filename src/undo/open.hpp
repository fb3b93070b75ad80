#pragma once

#include <functional>
#include <optional>
#include <string>

#include "cli/command.hpp"
#include "operation/undo_file.hpp"

namespace tti::undo {

// Whether it names an undo file in S3, rather than an archive: "s3://BUCKET/FOLDER/NAME.undo".
bool is_file_in_store(std::string_view text);

// For cli::Command::disk_use: what the option names is read, an undo file or an archive.
std::function<std::optional<cli::DiskUse>(const settings::Values&)> file_to_read(std::string option);

// The undo file at a path, seen from where the command was given, or in S3, as `option` names it. Throws
// UsageError for what is none, or damaged.
operation::UndoReader open(const cli::Context& context, std::string_view option, const std::string& text);

}  // namespace tti::undo
