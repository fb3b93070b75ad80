#include "postgres/one_line.hpp"

namespace tti::postgres {

std::string one_line(std::string_view text) {
    std::string result;
    for (const char character : text) {
        const bool blank = character == ' ' || character == '\t' || character == '\n' || character == '\r';
        if (!blank) {
            result += character;
        } else if (!result.empty() && result.back() != ' ') {
            result += ' ';
        }
    }
    if (result.ends_with(' ')) {
        result.pop_back();
    }
    return result;
}

}  // namespace tti::postgres
