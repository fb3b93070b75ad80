#include "backup/folder.hpp"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/error.hpp"

namespace tti::backup {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(std::string_view what, const fs::path& path, int error = errno) {
    throw RefusedError(
        fmt::format("cannot {} {}: {}", what, path.string(), std::generic_category().message(error)),
        "Name a folder that you may write to, on a disk with room, and give the same command again.");
}

class Descriptor {
  public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (number_ >= 0) close(number_);
    }
    [[nodiscard]] int get() const { return number_; }

  private:
    int number_;
};

void sync_folder(const fs::path& path) {
    const Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.get() < 0 || fsync(folder.get()) != 0) fail("sync", path);
}

class FileSink final : public Sink {
  public:
    explicit FileSink(fs::path path)
        : path_(std::move(path)),
          part_(path_.string() + ".part"),
          file_(::open(part_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
                       S_IRUSR | S_IWUSR)) {
        if (file_.get() < 0) fail("write", part_);
    }
    FileSink(const FileSink&) = delete;
    FileSink& operator=(const FileSink&) = delete;
    ~FileSink() override {
        if (!finished_) unlink(part_.c_str());
    }

    void write(std::string_view bytes) override {
        while (!bytes.empty()) {
            const auto size = ::write(file_.get(), bytes.data(), bytes.size());
            if (size < 0 && errno != EINTR) fail("write", part_);
            bytes.remove_prefix(size < 0 ? 0 : static_cast<std::size_t>(size));
        }
    }

    void finish() override {
        if (fsync(file_.get()) != 0 || rename(part_.c_str(), path_.c_str()) != 0) fail("write", path_);
        finished_ = true;
        sync_folder(path_.parent_path());
    }

  private:
    fs::path path_;
    fs::path part_;
    Descriptor file_;
    bool finished_ = false;
};

class FileSource final : public Source {
  public:
    explicit FileSource(const fs::path& path)
        : path_(path), file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
        if (file_.get() >= 0) return;
        throw UsageError(
            fmt::format("cannot read {}: {}", path.string(), std::generic_category().message(errno)),
            "Name the folder of a whole backup, as the user who may read it.");
    }

    std::size_t read(std::span<char> to) override {
        for (;;) {
            const auto size = ::read(file_.get(), to.data(), to.size());
            if (size >= 0) return static_cast<std::size_t>(size);
            if (errno == EINTR) continue;
            throw UsageError(
                fmt::format("cannot read {}: {}", path_.string(), std::generic_category().message(errno)),
                "Look at the disk, or take another copy of the archive.");
        }
    }

  private:
    fs::path path_;
    Descriptor file_;
};

}  // namespace

Folder::~Folder() {
    if (lock_ >= 0) close(lock_);
}

std::vector<std::string> Folder::names() {
    std::error_code error;
    std::vector<std::string> names;
    fs::directory_iterator entries(path_, error);
    if (error == std::errc::no_such_file_or_directory) return names;
    if (error) fail("look into", path_, error.value());
    for (const auto& entry : entries) names.push_back(entry.path().filename().string());
    return names;
}

void Folder::open_for_writing() {
    std::error_code error;
    fs::create_directories(path_.parent_path(), error);
    if (mkdir(path_.c_str(), S_IRWXU) != 0 && errno != EEXIST) fail("make", path_);
    lock_ = ::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (lock_ < 0) fail("open", path_);
    if (flock(lock_, LOCK_EX | LOCK_NB) != 0) {
        throw LockedError(fmt::format("another backup is being written to {}", path_.string()),
                          "Wait for it to end, or name another folder.");
    }
    if (fchmod(lock_, S_IRWXU) != 0) fail("make private", path_);
}

std::unique_ptr<Sink> Folder::create(const std::string& name) {
    return std::make_unique<FileSink>(path_ / name);
}

std::unique_ptr<Source> Folder::open(const std::string& name) {
    return std::make_unique<FileSource>(path_ / name);
}

void Folder::remove(const std::string& name) {
    if (unlink((path_ / name).c_str()) != 0 && errno != ENOENT) fail("remove", path_ / name);
}

}  // namespace tti::backup
