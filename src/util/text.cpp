#include "util/text.hpp"

#include <algorithm>

namespace tti::util {
namespace {

constexpr std::string_view white_space = " \t\n\v\f\r";

bool is_between(char character, char first, char last) {
    return character >= first && character <= last;
}

}  // namespace

std::string lower(std::string_view text) {
    std::string result{text};
    for (char& character : result) {
        if (is_between(character, 'A', 'Z')) character = static_cast<char>(character - 'A' + 'a');
    }
    return result;
}

std::string upper(std::string_view text) {
    std::string result{text};
    for (char& character : result) {
        if (is_between(character, 'a', 'z')) character = static_cast<char>(character - 'a' + 'A');
    }
    return result;
}

std::string_view trim(std::string_view text) {
    const std::size_t first = text.find_first_not_of(white_space);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(white_space) - first + 1);
}

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    for (std::size_t end = text.find(separator); end != std::string_view::npos; end = text.find(separator)) {
        parts.emplace_back(text.substr(0, end));
        text.remove_prefix(end + 1);
    }
    parts.emplace_back(text);
    return parts;
}

std::vector<std::string> words(std::string_view text) {
    std::vector<std::string> parts;
    for (text = trim(text); !text.empty(); text = trim(text)) {
        const std::size_t end = std::min(text.find_first_of(white_space), text.size());
        parts.emplace_back(text.substr(0, end));
        text.remove_prefix(end);
    }
    return parts;
}

std::string shell_quoted(std::string_view text) {
    std::string quoted = "'";
    for (const char letter : text) {
        quoted += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
    }
    return quoted + "'";
}

std::string join(std::span<const std::string> parts, std::string_view separator) {
    std::string result;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) result += separator;
        result += parts[i];
    }
    return result;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
    using Row = std::vector<std::size_t>;
    Row before_last(b.size() + 1);
    Row last(b.size() + 1);
    Row current(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) current[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::swap(before_last, last);
        std::swap(last, current);
        current[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U);
            current[j] = std::min({last[j] + 1, current[j - 1] + 1, replaced});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                current[j] = std::min(current[j], before_last[j - 2] + 1);
            }
        }
    }
    return current[b.size()];
}

std::size_t tolerated_edits(std::string_view name) {
    constexpr std::size_t long_name = 12;
    return name.size() > long_name ? 3 : 2;
}

std::string nearest(std::string_view name, std::span<const std::string> candidates) {
    const auto distance = [name](const std::string& candidate) { return edit_distance(name, candidate); };
    const auto found = std::ranges::min_element(candidates, {}, distance);
    return found == candidates.end() ? std::string{} : *found;
}

std::string suggestion(std::string_view name, std::span<const std::string> candidates) {
    std::string found = nearest(name, candidates);
    return edit_distance(name, found) <= tolerated_edits(name) ? found : std::string{};
}

}  // namespace tti::util
