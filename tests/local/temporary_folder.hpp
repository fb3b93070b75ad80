#pragma once

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

#include <sys/stat.h>

namespace tti::test {

// A new folder that any user may enter, removed at the end.
class TemporaryFolder {
  public:
    TemporaryFolder() {
        std::string name = base() + "/tti-local-XXXXXX";
        if (mkdtemp(name.data()) == nullptr) {
            throw std::runtime_error("no temporary folder");
        }
        path_ = name;
        chmod(name.c_str(), S_IRWXU | S_IXGRP | S_IXOTH);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    // In memory where that has room: on disk, making a database waits for it hundreds of times.
    static std::string base() {
        constexpr std::uintmax_t enough = 1U << 30U;
        std::error_code error;
        const auto space = std::filesystem::space("/dev/shm", error);
        return !error && space.available != static_cast<std::uintmax_t>(-1) && space.available > enough
                   ? "/dev/shm"
                   : "/tmp";
    }
    std::filesystem::path path_;
};

}  // namespace tti::test
