#pragma once

#include <filesystem>

namespace tti::local {

// Whether somebody listens there.
bool answers(const std::filesystem::path& path);

}  // namespace tti::local
