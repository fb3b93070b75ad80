#include "postgres/array_text.hpp"

namespace tti::postgres {
namespace {

// Takes one quoted element, from behind its opening quote to behind the closing one.
std::string quoted_element(std::string_view& rest) {
    std::string element;
    while (!rest.empty() && rest.front() != '"') {
        if (rest.front() == '\\' && rest.size() > 1) {
            rest.remove_prefix(1);
        }
        element += rest.front();
        rest.remove_prefix(1);
    }
    rest.remove_prefix(rest.empty() ? 0 : 1);
    return element;
}

std::string bare_element(std::string_view& rest) {
    const std::size_t end = std::min(rest.find_first_of(",}"), rest.size());
    std::string element(rest.substr(0, end));
    rest.remove_prefix(end);
    return element == "NULL" ? std::string() : element;
}

}  // namespace

std::vector<std::string> parse_array(std::string_view text) {
    std::vector<std::string> elements;
    if (text.size() < 3) {
        return elements;
    }
    std::string_view rest = text.substr(1);
    while (!rest.empty()) {
        if (rest.front() == '"') {
            rest.remove_prefix(1);
            elements.push_back(quoted_element(rest));
        } else {
            elements.push_back(bare_element(rest));
        }
        const bool more = rest.starts_with(',');
        rest.remove_prefix(more ? 1 : rest.size());
    }
    return elements;
}

}  // namespace tti::postgres
