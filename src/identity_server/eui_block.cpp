#include "identity_server/eui_block.hpp"

#include <charconv>
#include <limits>

#include <fmt/format.h>

namespace tti::identity_server {
namespace {

constexpr std::size_t eui_digits = 16;
constexpr std::string_view form =
    "an EUI prefix is 16 hexadecimal digits, a / and a length of 0 to 64, as 70B3D57ED0000000/36";

template <typename Number>
bool read(std::string_view text, Number& number, int base) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
    return error == std::errc{} && end == text.data() + text.size() && text.front() != '-';
}

// The bits behind the first `length`.
std::uint64_t host_bits(int length) {
    constexpr std::uint64_t all = std::numeric_limits<std::uint64_t>::max();
    return length >= 64 ? 0 : all >> static_cast<unsigned>(length);
}

}  // namespace

std::string format_eui(std::uint64_t eui) {
    return fmt::format("{:016X}", eui);
}

std::string EuiPrefix::text() const {
    return fmt::format("{}/{}", format_eui(eui), length);
}

Expected<EuiPrefix> EuiPrefix::parse(std::string_view text) {
    const std::size_t slash = text.find('/');
    EuiPrefix prefix;
    if (slash != eui_digits || text.size() < eui_digits + 2 || text.size() > eui_digits + 3 ||
        !read(text.substr(0, slash), prefix.eui, 16) || !read(text.substr(slash + 1), prefix.length, 10) ||
        prefix.length > 64) {
        return unexpected(std::string(form));
    }
    if ((prefix.eui & host_bits(prefix.length)) != 0) {
        const EuiPrefix masked{prefix.eui & ~host_bits(prefix.length), prefix.length};
        return unexpected(fmt::format("bits behind the first {} are set; {} is the prefix without them",
                                      prefix.length, masked.text()));
    }
    return prefix;
}

Expected<EuiBlock> EuiBlock::make(const EuiPrefix& prefix, std::int64_t initial_counter) {
    if (prefix.length < 1) {
        return unexpected(
            "a block has a prefix length of at least 1, as its last counter does not fit the database "
            "otherwise");
    }
    const auto end = static_cast<std::int64_t>(host_bits(prefix.length));
    if (initial_counter < 0 || initial_counter > end) {
        return unexpected(fmt::format("the counter of a block /{} is from 0 to {}", prefix.length, end));
    }
    return EuiBlock{prefix.eui, end, initial_counter};
}

bool EuiBlock::overlaps(const EuiBlock& other) const {
    const auto last = [](const EuiBlock& block) {
        return block.start | static_cast<std::uint64_t>(block.end_counter);
    };
    return start <= last(other) && other.start <= last(*this);
}

}  // namespace tti::identity_server
