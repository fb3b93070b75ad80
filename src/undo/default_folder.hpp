#pragma once

#include <filesystem>

#include "settings/resolve.hpp"

namespace tti::undo {

// Whether this process runs in a container, whose own disk ends with it. `root` is "/".
bool in_container(const settings::Surroundings& surroundings, const std::filesystem::path& root);
// $XDG_STATE_HOME/tti-lw-stack/undo, or that below ~/.local/state; empty where neither is known.
std::filesystem::path default_folder(const settings::Surroundings& surroundings);

}  // namespace tti::undo
