#include "backup/stream.hpp"

#include <array>

#include <fmt/format.h>

#include "util/error.hpp"

namespace tti::backup {

std::size_t read_fully(Source& source, std::span<char> to) {
    std::size_t filled = 0;
    while (filled < to.size()) {
        const auto size = source.read(to.subspan(filled));
        if (size == 0) break;
        filled += size;
    }
    return filled;
}

std::string read_all(Source& source, std::size_t most) {
    std::string all;
    std::array<char, 4096> buffer{};
    while (const auto size = source.read(buffer)) {
        all.append(buffer.data(), size);
        if (all.size() > most) {
            throw UsageError(
                fmt::format("the archive holds a file of more than {} bytes where a small one belongs", most),
                "Take another copy of the archive.");
        }
    }
    return all;
}

}  // namespace tti::backup
