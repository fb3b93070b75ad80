#include "storage_integration/json_lines.hpp"

namespace tti::storage_integration {
namespace {

// https://www.postgresql.org/docs/15/sql-copy.html, "Text Format"; control characters cannot be in JSON.
char unescaped(char character) {
    return character == '\\' ? '\\' : ' ';
}

}  // namespace

void to_json_line(std::string_view row, std::string& line) {
    line.clear();
    line.reserve(row.size());
    for (std::size_t at = 0; at < row.size();) {
        const auto escape = row.find('\\', at);
        if (escape == std::string_view::npos || escape + 1 == row.size()) {
            line += row.substr(at);
            return;
        }
        line += row.substr(at, escape - at);
        line += unescaped(row[escape + 1]);
        at = escape + 2;
    }
}

}  // namespace tti::storage_integration
