#include "util/file.hpp"

#include <array>
#include <cerrno>
#include <fstream>
#include <system_error>

namespace tti::util {
namespace {

std::string reason(int error) {
    return std::generic_category().message(error);
}

}  // namespace

Expected<std::string> read_file(const std::filesystem::path& path) {
    constexpr std::size_t chunk = 4096;
    std::error_code ignored;
    // Opening a directory works, reading from it fails without a reason.
    if (std::filesystem::is_directory(path, ignored)) return unexpected(reason(EISDIR));
    errno = 0;
    std::ifstream file{path, std::ios::binary};
    if (!file) return unexpected(reason(errno == 0 ? EIO : errno));

    std::string content;
    std::array<char, chunk> buffer{};
    while (file.read(buffer.data(), buffer.size()) || file.gcount() > 0) {
        content.append(buffer.data(), static_cast<std::size_t>(file.gcount()));
    }
    if (file.bad()) return unexpected(reason(errno == 0 ? EIO : errno));
    return content;
}

}  // namespace tti::util
