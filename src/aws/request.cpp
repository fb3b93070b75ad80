#include "aws/request.hpp"

#include <charconv>

#include <fmt/format.h>

namespace tti::aws {
namespace {

std::string encoded(std::string_view text, std::string_view kept) {
    std::string result;
    for (const char letter : text) {
        const bool plain = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                           (letter >= '0' && letter <= '9') || kept.find(letter) != std::string_view::npos;
        if (plain) {
            result += letter;
        } else {
            result += fmt::format("%{:02X}", static_cast<unsigned char>(letter));
        }
    }
    return result;
}

}  // namespace

std::string uri_encoded(std::string_view text) {
    return encoded(text, "-._~");
}

std::string path_encoded(std::string_view path) {
    return encoded(path, "-._~/");
}

std::string uri_decoded(std::string_view text) {
    constexpr int hex = 16;
    constexpr std::size_t digits = 2;
    std::string result;
    for (std::size_t place = 0; place < text.size(); ++place) {
        unsigned value = 0;
        const auto code = text.substr(place + 1, text[place] == '%' ? digits : 0);
        const auto [end, error] = std::from_chars(code.data(), code.data() + code.size(), value, hex);
        const bool is_code = code.size() == digits && end == code.data() + digits && error == std::errc();
        result += is_code ? static_cast<char>(value) : text[place];
        if (is_code) place += digits;
    }
    return result;
}

std::string query_encoded(const std::vector<std::pair<std::string, std::string>>& query) {
    std::string text;
    for (const auto& [name, value] : query) {
        if (!text.empty()) text += '&';
        text += uri_encoded(name) + '=' + uri_encoded(value);
    }
    return text;
}

}  // namespace tti::aws
