#pragma once

#include <string>
#include <string_view>

namespace tti::storage_integration {

// Turns a row of COPY's text format with one JSON column into that JSON on one line, with its line break.
// Line breaks in the JSON, which can only stand between its tokens, become blanks. `line` is overwritten.
void to_json_line(std::string_view row, std::string& line);

}  // namespace tti::storage_integration
