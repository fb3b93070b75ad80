#include "doctor/shell_word.hpp"

#include <algorithm>
#include <cctype>

#include "util/text.hpp"

namespace tti::doctor {

std::string shell_word(std::string_view text) {
    constexpr std::string_view harmless = "_@%+=:,./-";
    const bool plain = !text.empty() && std::ranges::all_of(text, [&](unsigned char character) {
        return std::isalnum(character) != 0 ||
               harmless.find(static_cast<char>(character)) != std::string_view::npos;
    });
    return plain ? std::string(text) : util::shell_quoted(text);
}

}  // namespace tti::doctor
