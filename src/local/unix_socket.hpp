#pragma once

#include <filesystem>

namespace tti::local {

// A connected stream socket, or -1 with errno set.
int connect_unix(const std::filesystem::path& path);

// Whether somebody listens there.
bool answers(const std::filesystem::path& path);

}  // namespace tti::local
