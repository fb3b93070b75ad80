#pragma once

#include <filesystem>
#include <string>

#include "settings/resolve.hpp"

namespace tti::operation {

// Whether this process runs in a container, whose own disk ends with it. `root` is "/".
bool in_container(const settings::Surroundings& surroundings, const std::filesystem::path& root);
// $XDG_STATE_HOME/tti-lw-stack/undo, or that below ~/.local/state; empty where neither is known.
std::filesystem::path default_undo_folder(const settings::Surroundings& surroundings);

// The folder that --undo-to names. Throws UsageError for an empty text, and for a place in S3: an undo file
// grows with every batch, which an object cannot.
std::filesystem::path named_undo_folder(const std::string& text, const settings::Surroundings& surroundings);

}  // namespace tti::operation
