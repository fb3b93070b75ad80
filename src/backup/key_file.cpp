#include "backup/key_file.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>

#include <fmt/format.h>

#include "util/error.hpp"

namespace tti::backup {
namespace {

static_assert(std::endian::native == std::endian::little, "numbers are written as they lie in memory");

constexpr std::string_view magic = "tti-lw-stack k1\n";
constexpr auto end_mark = std::numeric_limits<std::uint32_t>::max();
constexpr std::size_t file_portion = std::size_t{1} << 18U;
// Redis takes no longer ones (proto-max-bulk-len); a damaged length must not take our memory.
constexpr std::uint32_t longest_key = std::uint32_t{1} << 29U;
constexpr std::uint64_t longest_payload = std::uint64_t{1} << 36U;

[[noreturn]] void damaged(std::string_view what) {
    throw UsageError(fmt::format("the archive's file of keys is damaged: {}", what),
                     "Take another copy of the archive.");
}

template <typename Number>
void append(std::string& to, Number number) {
    std::array<char, sizeof number> bytes{};
    std::memcpy(bytes.data(), &number, sizeof number);
    to.append(bytes.data(), bytes.size());
}

}  // namespace

KeyFileWriter::KeyFileWriter(Sink& to) : to_(to), pending_(magic) {}

void KeyFileWriter::add(const ArchivedKey& key) {
    append(pending_, static_cast<std::uint32_t>(key.key.size()));
    append(pending_, key.expires_at);
    append(pending_, std::uint64_t{key.payload.size()});
    pending_ += key.key;
    if (key.payload.size() >= file_portion) {
        flush();
        to_.write(key.payload);
    } else {
        pending_ += key.payload;
    }
    ++keys_;
    if (pending_.size() >= file_portion) flush();
}

void KeyFileWriter::end() {
    append(pending_, end_mark);
    append(pending_, keys_);
    flush();
}

void KeyFileWriter::flush() {
    to_.write(pending_);
    pending_.clear();
}

KeyFileReader::KeyFileReader(Source& from) : from_(from) {
    fill(key_, magic.size());
    if (key_ != magic) damaged("it does not begin as one");
}

bool KeyFileReader::next(ArchivedKey& key) {
    const auto key_size = number<std::uint32_t>();
    if (key_size == end_mark) {
        if (number<std::uint64_t>() != keys_) damaged("it holds another number of keys than it says");
        return false;
    }
    key.expires_at = number<std::int64_t>();
    const auto payload_size = number<std::uint64_t>();
    if (key_size > longest_key || payload_size > longest_payload) damaged("a length is beyond every limit");
    fill(key_, key_size);
    fill(payload_, payload_size);
    key.key = key_;
    key.payload = payload_;
    ++keys_;
    return true;
}

template <typename Number>
Number KeyFileReader::number() {
    fill(key_, sizeof(Number));
    Number value{};
    std::memcpy(&value, key_.data(), sizeof value);
    return value;
}

// In portions, so that a length that lies ends at the end of the file.
void KeyFileReader::fill(std::string& to, std::size_t size) {
    to.clear();
    while (to.size() < size) {
        if (at_ == buffer_.size()) {
            buffer_.resize(file_portion);
            buffer_.resize(from_.read(buffer_));
            at_ = 0;
            if (buffer_.empty()) damaged("it ends too early");
        }
        const auto taken = std::min(size - to.size(), buffer_.size() - at_);
        to.append(buffer_, at_, taken);
        at_ += taken;
    }
}

}  // namespace tti::backup
