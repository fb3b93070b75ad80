#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <sys/stat.h>

#include "util/account.hpp"

namespace tti::local {

// Writes beside the file and renames, so that it is whole at every instant; readable by its owner alone.
// Durable when it returns. Throws Error.
void write_private_file(const std::filesystem::path& path, std::string_view content,
                        const std::optional<util::Account>& owner);

// From that byte on. No value where there is no such file, or we may not read it.
std::optional<std::string> read_file(const std::filesystem::path& path, std::uintmax_t from = 0);

inline constexpr mode_t owner_only = S_IRWXU;  // of a folder

// Makes the folder if missing, with that mode, and gives it to `owner`. Throws Error.
void make_folder(const std::filesystem::path& path, mode_t mode, const std::optional<util::Account>& owner);

// Waits until a rename in the folder is on disk.
void sync_folder(const std::filesystem::path& folder);

}  // namespace tti::local
