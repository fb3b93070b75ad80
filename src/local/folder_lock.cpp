#include "local/folder_lock.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "postgres/lock_safe.hpp"
#include "util/error.hpp"

namespace tti::local {
namespace {

constexpr std::chrono::milliseconds pause_between{50};

// `local reset` removes the file: a lock on one that has no name any more protects nothing.
bool still_has_name(int file, const std::filesystem::path& path) {
    struct stat held {};
    struct stat named {};
    return fstat(file, &held) == 0 && stat(path.c_str(), &named) == 0 && held.st_ino == named.st_ino &&
           held.st_dev == named.st_dev;
}

// The locked file's descriptor, or -1 when another holds it.
int try_lock(const std::filesystem::path& path, const std::optional<util::Account>& owner) {
    const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
    if (file < 0 || (owner && fchown(file, owner->user, owner->group) != 0)) {
        const int error = errno;
        throw Error(
            ExitCode::unexpected, fmt::format("cannot open {}: {}", path.string(), std::strerror(error)),
            "Give a folder that you may write to with --dir, or run the command as the folder's owner.");
    }
    if (flock(file, LOCK_EX | LOCK_NB) == 0 && still_has_name(file, path)) {
        return file;
    }
    close(file);
    return -1;
}

}  // namespace

FolderLock::FolderLock(const Site& site, std::chrono::nanoseconds wait, util::Stop& stop) {
    const auto deadline = std::chrono::steady_clock::now() + wait;
    while ((file_ = try_lock(site.layout.lock(), site.owner)) < 0) {
        if (std::chrono::steady_clock::now() >= deadline) {
            throw LockedError(fmt::format("another command is changing the local deployment in {}",
                                          site.layout.folder.string()),
                              "Wait for it with --wait, for example --wait 5m.");
        }
        postgres::pause(stop, pause_between);
    }
}

FolderLock::~FolderLock() {
    close(file_);
}

}  // namespace tti::local
