#include "local/private_file.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "util/error.hpp"

namespace tti::local {
namespace {

[[noreturn]] void throw_system_error(const std::string& what, const std::filesystem::path& path) {
    const int error = errno;
    throw Error(ExitCode::unexpected,
                fmt::format("cannot {} {}: {}", what, path.string(), std::strerror(error)),
                error == EACCES || error == EPERM || error == ENOENT
                    ? "Give a folder that you may write to with --dir."
                    : "");
}

bool write_all(int file, std::string_view content) {
    while (!content.empty()) {
        const ssize_t size = write(file, content.data(), content.size());
        if (size < 0) {
            return false;
        }
        content.remove_prefix(static_cast<std::size_t>(size));
    }
    return true;
}

}  // namespace

void write_private_file(const std::filesystem::path& path, std::string_view content,
                        const std::optional<util::Account>& owner) {
    const auto beside = std::filesystem::path(path) += ".new";
    unlink(beside.c_str());
    const int file = open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file < 0) {
        throw_system_error("write", beside);
    }
    const bool good = (!owner || fchown(file, owner->user, owner->group) == 0) && write_all(file, content) &&
                      fsync(file) == 0;
    if (close(file) != 0 || !good || rename(beside.c_str(), path.c_str()) != 0) {
        throw_system_error("write", path);
    }
    sync_folder(path.parent_path());
}

std::optional<std::string> read_file(const std::filesystem::path& path, std::uintmax_t from) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        return std::nullopt;
    }
    file.seekg(static_cast<std::streamoff>(from));
    std::ostringstream text;
    text << file.rdbuf();
    return std::move(text).str();
}

void make_folder(const std::filesystem::path& path, mode_t mode, const std::optional<util::Account>& owner) {
    if (mkdir(path.c_str(), mode) != 0 && errno != EEXIST) {
        throw_system_error("make the folder", path);
    }
    // Not chmod and chown by name: a link that somebody put there must not be followed.
    const int folder = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    const bool good = folder >= 0 && (!owner || fchown(folder, owner->user, owner->group) == 0) &&
                      fchmod(folder, mode) == 0;
    if (!good) {
        throw_system_error("make the folder", path);
    }
    close(folder);
}

void sync_folder(const std::filesystem::path& folder) {
    const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0 || fsync(descriptor) != 0) {
        throw_system_error("sync the folder", folder);
    }
    close(descriptor);
}

}  // namespace tti::local
