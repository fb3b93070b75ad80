#include "aws/request.hpp"

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

std::string query_encoded(const std::vector<std::pair<std::string, std::string>>& query) {
    std::string text;
    for (const auto& [name, value] : query) {
        if (!text.empty()) text += '&';
        text += uri_encoded(name) + '=' + uri_encoded(value);
    }
    return text;
}

}  // namespace tti::aws
