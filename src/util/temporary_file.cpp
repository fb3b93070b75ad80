#include "util/temporary_file.hpp"

#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>
#include <sys/types.h>
#include <unistd.h>

#include "util/error.hpp"

namespace tti::util {
namespace {

std::filesystem::path folder() {
    std::error_code none;
    const auto path = std::filesystem::temp_directory_path(none);
    return none ? std::filesystem::path("/tmp") : path;
}

[[noreturn]] void fail(const char* what) {
    throw RefusedError(fmt::format("cannot {} a temporary file in {}: {}", what, folder().string(),
                                   std::generic_category().message(errno)),
                       "Set TMPDIR to a folder that has room.");
}

std::FILE* open_nameless() {
    auto path = (folder() / "tti-lw-stack-XXXXXX").string();
    const int descriptor = mkstemp(path.data());
    if (descriptor < 0) fail("create");
    unlink(path.c_str());
    auto* file = fdopen(descriptor, "w+");
    if (file == nullptr) fail("open");
    return file;
}

}  // namespace

std::int64_t TemporaryFile::append(std::string_view bytes) {
    if (!file_) file_.reset(open_nameless());
    const auto begin = size_;
    while (!bytes.empty()) {
        const auto result = pwrite(fileno(file_.get()), bytes.data(), bytes.size(), size_);
        if (result < 0 && errno != EINTR) fail("write");
        if (result <= 0) continue;
        bytes.remove_prefix(static_cast<std::size_t>(result));
        size_ += result;
    }
    return begin;
}

void TemporaryFile::read(std::int64_t offset, std::size_t size, std::string& to) const {
    const auto begin = to.size();
    to.resize(begin + size);
    for (std::size_t got = 0; got < size;) {
        const auto result =
            pread(fileno(file_.get()), to.data() + begin + got, size - got, offset + static_cast<off_t>(got));
        if (result == 0) errno = EIO;
        if (result <= 0 && errno != EINTR) fail("read");
        if (result > 0) got += static_cast<std::size_t>(result);
    }
}

}  // namespace tti::util
