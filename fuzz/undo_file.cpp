#include "operation/undo_file.hpp"

#include <system_error>

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include "entries.hpp"
#include "key_space/restore_rows.hpp"
#include "key_space/undo_row.hpp"
#include "promise.hpp"
#include "storage_integration/message.hpp"
#include "util/error.hpp"

namespace tti::fuzz {
namespace {

// A file that lies in memory alone.
class MemoryFile {
  public:
    explicit MemoryFile(std::string_view content) : descriptor_(memfd_create("fuzz", MFD_CLOEXEC)) {
        if (descriptor_ < 0 || write(descriptor_, content.data(), content.size()) < 0)
            throw std::system_error(errno, std::generic_category(), "a file in memory");
    }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;
    ~MemoryFile() { close(descriptor_); }
    [[nodiscard]] std::string path() const { return fmt::format("/proc/self/fd/{}", descriptor_); }

  private:
    int descriptor_;
};

void read_batches(operation::UndoReader& reader) {
    for (const auto& batch : reader.batches()) {
        reader.go_to(batch);
        for (auto section = reader.next_section(); !section.is_null(); section = reader.next_section()) {
            std::string rows;
            while (reader.next_row(rows)) {
            }
        }
    }
}

void file(std::string_view content) {
    const MemoryFile memory(content);
    try {
        operation::UndoReader reader(memory.path());
        read_batches(reader);
    } catch (const UsageError& error) {
        promise(!error.hint().empty() || !std::string_view(error.what()).empty(), "an error without a word");
    }
}

void row(std::string_view line) {
    std::ignore = key_space::parse_undone_row(line);
    const auto fields = key_space::parse_row(line);
    if (!fields) return;
    const std::vector<std::string_view> views(fields->begin(), fields->end());
    promise(key_space::parse_row(key_space::format_row(views)) == *fields, "a row that does not come back");
}

void binary(std::string_view bytes) {
    promise(key_space::parse_binary_text(key_space::binary_text(bytes)) == std::string(bytes),
            "bytes that do not come back");
    std::ignore = key_space::parse_binary_text(bytes);
}

}  // namespace

void undo_file(std::string_view input) {
    file(input);
    row(input);
    binary(input);
}

void stored_message(std::string_view input) {
    const auto message = storage_integration::parse_message(std::string(input));
    if (message) promise(message->json == input && !message->device_id.empty(), "a message without a device");
}

}  // namespace tti::fuzz
