#include "operation/undo_folder.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/error.hpp"

namespace tti::operation {
namespace {

constexpr std::size_t buffer_size = std::size_t{1} << 20U;

std::FILE* create(const std::filesystem::path& path) {
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    return descriptor < 0 ? nullptr : ::fdopen(descriptor, "w");
}

// A file's name is durable only when its folder is.
void synchronize_folder(const std::filesystem::path& folder) {
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) {
        return;
    }
    ::fsync(descriptor);
    ::close(descriptor);
}

}  // namespace

void UndoInFolder::begin(std::string_view header) {
    std::error_code error;
    std::filesystem::create_directories(path_.parent_path(), error);
    file_.reset(error ? nullptr : create(path_));
    if (!file_) {
        fail(error ? error.message() : std::strerror(errno));
    }
    // Without it, writing is only slower.
    static_cast<void>(std::setvbuf(file_.get(), nullptr, _IOFBF, buffer_size));
    write(header);
    end_piece();
    synchronize_folder(path_.parent_path());
}

void UndoInFolder::begin_piece() {
    piece_start_ = std::ftell(file_.get());
}

void UndoInFolder::write(std::string_view bytes) {
    if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size()) {
        fail(std::strerror(errno));
    }
}

void UndoInFolder::end_piece() {
    if (std::fflush(file_.get()) != 0 || ::fsync(::fileno(file_.get())) != 0) {
        fail(std::strerror(errno));
    }
}

void UndoInFolder::abandon_piece() {
    // First, since it writes what is still in the buffer.
    const bool sought = std::fseek(file_.get(), piece_start_, SEEK_SET) == 0;
    if (::ftruncate(::fileno(file_.get()), piece_start_) != 0 || !sought) {
        fail(std::strerror(errno));
    }
}

void UndoInFolder::remove() noexcept {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
}

void UndoInFolder::fail(std::string_view what) const {
    throw RefusedError(fmt::format("cannot write the undo file {}: {}", path_.string(), what),
                       "Name another folder with --undo-to, or do without one with --no-undo.");
}

}  // namespace tti::operation
