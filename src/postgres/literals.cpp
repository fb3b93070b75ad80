#include <fmt/format.h>

#include "postgres/connection.hpp"

namespace tti::postgres {
namespace {

std::string quoted_element(std::string_view text) {
    std::string result = "\"";
    for (const char character : text) {
        if (character == '"' || character == '\\') {
            result += '\\';
        }
        result += character;
    }
    return result + '"';
}

std::string doubled(std::string_view text, char quote) {
    std::string result;
    for (const char character : text) {
        result.append(character == quote ? 2 : 1, character);
    }
    return result;
}

}  // namespace

std::string array_literal(std::span<const std::string> texts) {
    std::vector<std::string> elements;
    elements.reserve(texts.size());
    for (const std::string& text : texts) {
        elements.push_back(quoted_element(text));
    }
    return fmt::format("{{{}}}", fmt::join(elements, ","));
}

std::string array_literal(std::span<const int> numbers) {
    return fmt::format("{{{}}}", fmt::join(numbers, ","));
}

std::string quote_identifier(std::string_view name) {
    return '"' + doubled(name, '"') + '"';
}

std::string quote_literal(std::string_view text) {
    if (text.find('\\') == std::string_view::npos) {
        return '\'' + doubled(text, '\'') + '\'';
    }
    std::string escaped;
    for (const char character : text) {
        escaped.append(character == '\'' || character == '\\' ? 2 : 1, character);
    }
    // The E form means the same whatever standard_conforming_strings says.
    return " E'" + escaped + '\'';
}

}  // namespace tti::postgres
