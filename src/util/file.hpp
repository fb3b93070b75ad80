#pragma once

#include <filesystem>
#include <string>

#include "util/expected.hpp"

namespace tti::util {

// The whole content; a failure is the system's reason ("No such file or directory").
Expected<std::string> read_file(const std::filesystem::path& path);

}  // namespace tti::util
