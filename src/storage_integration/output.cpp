#include "storage_integration/output.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "util/error.hpp"

namespace tti::storage_integration {
namespace {

constexpr std::size_t buffer_size = std::size_t{256} * 1024;

}  // namespace

Output::Output(const std::string& file)
    : name_(file.empty() ? "standard output" : file),
      descriptor_(file.empty() ? STDOUT_FILENO
                               : open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)) {
    if (descriptor_ < 0) fail();
}

Output::~Output() {
    if (descriptor_ != STDOUT_FILENO) close(descriptor_);
}

void Output::fail() const {
    throw Error(ExitCode::unexpected, fmt::format("{} could not be written: {}", name_, std::strerror(errno)),
                "Look whether the folder is there and the disk has room.");
}

void Output::write(std::string_view bytes) {
    buffer_ += bytes;
    if (buffer_.size() >= buffer_size) flush();
}

void Output::flush() {
    std::string_view rest = buffer_;
    while (!rest.empty()) {
        const auto written = ::write(descriptor_, rest.data(), rest.size());
        if (written < 0 && errno != EINTR) fail();
        if (written > 0) rest.remove_prefix(static_cast<std::size_t>(written));
    }
    buffer_.clear();
}

}  // namespace tti::storage_integration
