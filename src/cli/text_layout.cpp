#include "cli/text_layout.hpp"

#include <algorithm>
#include <array>

#include "util/text.hpp"

namespace tti::cli {
namespace {

struct Range {
    char32_t first;
    char32_t last;
};

// The ranges that names of people and places use; not the whole of Unicode's tables.
constexpr std::array wide_ranges{Range{0x1100, 0x115F},   Range{0x2E80, 0xA4CF},  Range{0xAC00, 0xD7A3},
                                 Range{0xF900, 0xFAFF},   Range{0xFE30, 0xFE6F},  Range{0xFF00, 0xFF60},
                                 Range{0x1F300, 0x1FAFF}, Range{0x20000, 0x3FFFD}};
constexpr std::array zero_ranges{Range{0x0300, 0x036F}, Range{0x200B, 0x200F}, Range{0xFE00, 0xFE0F}};

bool is_in(char32_t point, auto& ranges) {
    return std::ranges::any_of(ranges,
                               [point](Range range) { return point >= range.first && point <= range.last; });
}

std::size_t width_of(char32_t point) {
    if (is_in(point, zero_ranges)) return 0;
    return is_in(point, wide_ranges) ? 2 : 1;
}

bool is_control(char character) {
    return static_cast<unsigned char>(character) < 0x20 || character == 0x7F;
}

bool continues(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

// Takes one character off the front of `text`. A stray byte counts as a character.
char32_t take(std::string_view& text) {
    std::size_t length = 1;
    while (length < text.size() && length < 4 && continues(text[length])) ++length;
    const auto first = static_cast<unsigned char>(text.front());
    char32_t point = length == 1 ? first : first & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        point = point << 6 | (static_cast<unsigned char>(text[i]) & 0x3FU);
    }
    text.remove_prefix(length);
    return point;
}

std::string spaces(std::string_view text, std::size_t width) {
    const auto used = display_width(text);
    std::string missing(used < width ? width - used : 0, ' ');
    return missing;
}

}  // namespace

std::size_t display_width(std::string_view text) {
    std::size_t width = 0;
    while (!text.empty()) width += width_of(take(text));
    return width;
}

std::string pad_right(std::string_view text, std::size_t width) {
    return std::string(text) + spaces(text, width);
}

std::string pad_left(std::string_view text, std::size_t width) {
    return spaces(text, width) + std::string(text);
}

std::string shorten(std::string_view text, std::size_t width) {
    constexpr std::string_view dots = "...";
    if (display_width(text) <= width) return std::string(text);
    const auto room = width > dots.size() ? width - dots.size() : 0;
    std::string_view rest = text;
    std::size_t kept = 0;
    for (std::size_t used = 0; !rest.empty();) {
        used += width_of(take(rest));
        if (used > room) break;
        kept = text.size() - rest.size();
    }
    return std::string(text.substr(0, kept)) + std::string(dots.substr(0, width));
}

std::string printable(std::string_view text) {
    std::string result(text);
    std::ranges::replace_if(result, is_control, '?');
    return result;
}

std::string printable_lines(std::string_view text) {
    std::string result(text);
    std::ranges::replace_if(
        result, [](char character) { return character != '\n' && is_control(character); }, '?');
    return result;
}

std::string wrap(std::string_view text, std::size_t width, std::size_t indent) {
    std::string result;
    std::size_t column = indent;
    for (const auto& word : util::words(text)) {
        const auto needed = display_width(word);
        if (!result.empty()) {
            const bool fits = column + 1 + needed <= width;
            result += fits ? std::string(" ") : "\n" + std::string(indent, ' ');
            column = fits ? column + 1 : indent;
        }
        result += printable(word);
        column += needed;
    }
    return result;
}

}  // namespace tti::cli
