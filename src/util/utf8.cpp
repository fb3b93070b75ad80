#include "util/utf8.hpp"

#include <array>
#include <cstdint>

namespace tti::util {
namespace {

struct Form {
    std::uint8_t mask;   // bits of the first byte that tell the form
    std::uint8_t first;  // their value
    std::size_t length;
    char32_t smallest;  // below it the form is overlong
};
constexpr std::array<Form, 4> forms{
    {{0x80, 0x00, 1, 0x0}, {0xE0, 0xC0, 2, 0x80}, {0xF0, 0xE0, 3, 0x800}, {0xF8, 0xF0, 4, 0x10000}}};

bool is_character(char32_t code, const Form& form) {
    return code >= form.smallest && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
}

// The character at the start of `text`, with its length; length 0 where there is none.
std::pair<char32_t, std::size_t> first_character(std::string_view text) {
    const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(text[at]); };
    for (const Form& form : forms) {
        if ((byte(0) & form.mask) != form.first || text.size() < form.length) {
            continue;
        }
        char32_t code = static_cast<std::uint8_t>(byte(0) & static_cast<std::uint8_t>(~form.mask));
        for (std::size_t at = 1; at < form.length; ++at) {
            if ((byte(at) & 0xC0U) != 0x80U) {
                return {0, 0};
            }
            code = (code << 6U) | (byte(at) & 0x3FU);
        }
        return {code, is_character(code, form) ? form.length : 0};
    }
    return {0, 0};
}

}  // namespace

Expected<std::u32string> parse_utf8(std::string_view text) {
    std::u32string characters;
    characters.reserve(text.size());
    for (std::string_view rest = text; !rest.empty();) {
        const auto [code, length] = first_character(rest);
        if (length == 0) {
            return unexpected("is not UTF-8 (byte " + std::to_string(text.size() - rest.size() + 1) + ")");
        }
        characters += code;
        rest.remove_prefix(length);
    }
    return characters;
}

}  // namespace tti::util
