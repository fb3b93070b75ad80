#include "identity_server/characters.hpp"

#include <algorithm>
#include <array>
#include <clocale>
#include <cwctype>

#include "util/error.hpp"

namespace tti::identity_server {
namespace {

// glibc's own UTF-8 locale: the same answers whatever the process runs with.
class Utf8Locale {
  public:
    Utf8Locale() : locale_(newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) {
        if (locale_ == nullptr) {
            throw Error(ExitCode::unexpected, "the system has no locale C.UTF-8, which password rules need",
                        "Install the package libc-bin, or use --allow-weak-password.");
        }
    }
    Utf8Locale(const Utf8Locale&) = delete;
    Utf8Locale& operator=(const Utf8Locale&) = delete;
    ~Utf8Locale() { freelocale(locale_); }
    [[nodiscard]] locale_t get() const { return locale_; }

  private:
    locale_t locale_;
};

locale_t utf8() {
    static const Utf8Locale locale;
    return locale.get();
}

// The zeros of Unicode 15's category Nd; nine digits follow each. iswdigit knows ASCII's alone.
constexpr auto zeros = std::to_array<char32_t>({
    0x30,    0x660,   0x6F0,   0x7C0,   0x966,   0x9E6,   0xA66,   0xAE6,   0xB66,   0xBE6,
    0xC66,   0xCE6,   0xD66,   0xDE6,   0xE50,   0xED0,   0xF20,   0x1040,  0x1090,  0x17E0,
    0x1810,  0x1946,  0x19D0,  0x1A80,  0x1A90,  0x1B50,  0x1BB0,  0x1C40,  0x1C50,  0xA620,
    0xA8D0,  0xA900,  0xA9D0,  0xA9F0,  0xAA50,  0xABF0,  0xFF10,  0x104A0, 0x10D30, 0x11066,
    0x110F0, 0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x11730, 0x118E0,
    0x11950, 0x11C50, 0x11D50, 0x11DA0, 0x11F50, 0x16A60, 0x16AC0, 0x16B50, 0x1D7CE, 0x1D7D8,
    0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1E140, 0x1E2F0, 0x1E4F0, 0x1E950, 0x1FBF0,
});

wint_t wide(char32_t character) {
    return static_cast<wint_t>(character);
}

}  // namespace

bool is_uppercase_letter(char32_t character) {
    return iswupper_l(wide(character), utf8()) != 0;
}

bool is_decimal_digit(char32_t character) {
    return std::ranges::any_of(zeros,
                               [&](char32_t zero) { return character >= zero && character - zero < 10; });
}

bool is_letter_or_number(char32_t character) {
    return is_decimal_digit(character) || iswalnum_l(wide(character), utf8()) != 0;
}

std::u32string lower_case(std::u32string text) {
    for (char32_t& character : text) {
        character = static_cast<char32_t>(towlower_l(wide(character), utf8()));
    }
    return text;
}

}  // namespace tti::identity_server
