#include "backup/key_digest.hpp"

#include <algorithm>
#include <cstring>
#include <optional>

#include <fmt/format.h>

#include "util/siphash.hpp"
#include "util/text.hpp"

namespace tti::backup {
namespace {

// Any fixed one: the same text has to have the same digest everywhere.
constexpr util::SipHashKey digest_key{0x74'74'69'2d'6c'77'2d'73, 0x74'61'63'6b'20'6b'65'79};

// Of Redis' RDB format (rdb.h): types whose elements come in no order of their own.
constexpr unsigned char set_of_texts = 2;
constexpr unsigned char hash_of_texts = 4;
constexpr std::size_t footer_bytes = 10;  // RDB version and CRC-64

std::uint64_t hash(std::string_view text) {
    return util::siphash(digest_key, text);
}

// Reads the lengths and texts of the RDB format; nothing where the bytes are no such thing.
class Elements {
  public:
    explicit Elements(std::string_view bytes) : rest_(bytes) {}

    std::optional<std::uint64_t> count() {
        const auto length = read_length();
        return length && !length->encoded ? std::optional(length->value) : std::nullopt;
    }

    // The bytes of the next text as they stand there, its length included.
    std::optional<std::string_view> text() {
        const auto before = rest_;
        const auto length = read_length();
        if (!length) return {};
        const auto size = length->encoded ? encoded_size(length->value) : length->value;
        if (!size || *size > rest_.size()) return {};
        rest_.remove_prefix(*size);
        return before.substr(0, before.size() - rest_.size());
    }

    [[nodiscard]] bool at_end() const { return rest_.empty(); }

  private:
    struct Length {
        std::uint64_t value = 0;
        bool encoded = false;  // `value` says how the text is encoded
    };

    std::optional<std::uint64_t> big_endian(std::size_t size) {
        if (rest_.size() < size) return {};
        std::uint64_t value = 0;
        for (const char byte : rest_.substr(0, size)) value = value << 8U | static_cast<unsigned char>(byte);
        rest_.remove_prefix(size);
        return value;
    }

    std::optional<Length> read_length() {
        const auto first = big_endian(1);
        if (!first) return {};
        constexpr std::uint64_t six_bits = 0x3f;
        switch (*first >> 6U) {
            case 0:
                return Length{*first & six_bits};
            case 1: {
                const auto second = big_endian(1);
                return second ? std::optional(Length{(*first & six_bits) << 8U | *second}) : std::nullopt;
            }
            case 2: {
                const auto value = big_endian(*first == 0x80 ? 4 : 8);
                return value ? std::optional(Length{*value}) : std::nullopt;
            }
            default:
                return Length{*first & six_bits, true};
        }
    }

    // Integers of 1, 2 and 4 bytes, and LZF: its two lengths stand before the bytes.
    std::optional<std::uint64_t> encoded_size(std::uint64_t encoding) {
        if (encoding <= 2) return std::uint64_t{1} << encoding;
        if (encoding != 3) return {};
        const auto compressed = read_length();
        return compressed && read_length() ? std::optional(compressed->value) : std::nullopt;
    }

    std::string_view rest_;
};

std::optional<std::uint64_t> unordered_digest(std::string_view body, int texts_an_element) {
    Elements elements(body);
    const auto count = elements.count();
    if (!count) return {};
    auto sum = *count;
    for (std::uint64_t index = 0; index < *count; ++index) {
        const auto first = elements.text();
        const auto second = texts_an_element == 2 ? elements.text() : first;
        if (!first || !second) return {};
        sum +=
            hash({first->data(), static_cast<std::size_t>(second->data() + second->size() - first->data())});
    }
    return elements.at_end() ? std::optional(sum) : std::nullopt;
}

// Values are written in one form within a release: 7.0, 7.2, …
std::string release_of(const std::string& version) {
    const auto parts = util::split(version, '.');
    return parts.size() < 2 ? version : parts[0] + "." + parts[1];
}

std::uint64_t key_digest(const ArchivedKey& key) {
    std::string text(2 * sizeof(std::uint64_t), '\0');
    const auto payload = payload_digest(key.payload);
    std::memcpy(text.data(), &key.expires_at, sizeof key.expires_at);
    std::memcpy(text.data() + sizeof key.expires_at, &payload, sizeof payload);
    return hash(text.append(key.key));
}

}  // namespace

std::uint64_t payload_digest(std::string_view payload) {
    if (payload.size() <= footer_bytes) return hash(payload);
    const auto content = payload.substr(0, payload.size() - footer_bytes);
    const auto type = static_cast<unsigned char>(content.front());
    if (type == set_of_texts || type == hash_of_texts) {
        const auto sum = unordered_digest(content.substr(1), type == hash_of_texts ? 2 : 1);
        if (sum) return *sum + type;
    }
    return hash(content);
}

bool write_alike(const std::string& version, const std::string& other_version) {
    return release_of(version) == release_of(other_version);
}

void DistinctKeys::add(const ArchivedKey& key) {
    seen_.push_back({hash(key.key), key_digest(key), key.expires_at >= 0});
}

KeySum DistinctKeys::sum() {
    std::ranges::stable_sort(seen_, {}, &Seen::key);
    KeySum sum;
    for (auto one = seen_.begin(); one != seen_.end(); ++one) {
        const auto next = std::next(one);
        if (next != seen_.end() && next->key == one->key) continue;
        sum.sum_ += one->digest;
        ++sum.keys_;
        sum.with_expiry_ += one->expires ? 1 : 0;
    }
    return sum;
}

void KeySum::add(const ArchivedKey& key) {
    sum_ += key_digest(key);
    ++keys_;
    with_expiry_ += key.expires_at >= 0 ? 1 : 0;
}

void KeySum::remove(const ArchivedKey& key) {
    sum_ -= key_digest(key);
    --keys_;
    with_expiry_ -= key.expires_at >= 0 ? 1 : 0;
}

std::string KeySum::digest() const {
    return fmt::format("{:016x}", sum_);
}

}  // namespace tti::backup
