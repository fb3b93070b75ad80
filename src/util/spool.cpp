#include "util/spool.hpp"

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

Spool::Spool(std::size_t partitions, std::size_t most_memory)
    : partitions_(partitions), most_memory_(most_memory) {}

void Spool::append(std::size_t partition, std::string_view bytes) {
    partitions_[partition].latest += bytes;
    in_memory_ += bytes.size();
    if (in_memory_ > most_memory_) write_out();
}

void Spool::write_out() {
    if (!file_) file_.reset(open_nameless());
    for (auto& [latest, blocks] : partitions_) {
        if (latest.empty()) continue;
        for (std::size_t written = 0; written < latest.size();) {
            const auto result = pwrite(fileno(file_.get()), latest.data() + written, latest.size() - written,
                                       file_size_ + static_cast<off_t>(written));
            if (result < 0 && errno != EINTR) fail("write");
            if (result > 0) written += static_cast<std::size_t>(result);
        }
        blocks.push_back({file_size_, latest.size()});
        file_size_ += static_cast<std::int64_t>(latest.size());
        latest.clear();
    }
    in_memory_ = 0;
}

std::string Spool::read(std::size_t partition) const {
    const auto& [latest, blocks] = partitions_[partition];
    std::size_t size = latest.size();
    for (const auto& block : blocks) size += block.size;
    std::string bytes;
    bytes.reserve(size);
    for (const auto& block : blocks) {
        const auto begin = bytes.size();
        bytes.resize(begin + block.size);
        for (std::size_t got = 0; got < block.size;) {
            const auto result = pread(fileno(file_.get()), bytes.data() + begin + got, block.size - got,
                                      block.offset + static_cast<off_t>(got));
            if (result == 0) errno = EIO;
            if (result <= 0 && errno != EINTR) fail("read");
            if (result > 0) got += static_cast<std::size_t>(result);
        }
    }
    return bytes += latest;
}

}  // namespace tti::util
