#pragma once

#include <string>
#include <string_view>

namespace tti::cli {

// Columns that a UTF-8 text takes on a terminal: wide characters take two, combining ones none.
std::size_t display_width(std::string_view text);

// Filled with spaces to `width` columns, on the right or on the left.
std::string pad_right(std::string_view text, std::size_t width);
std::string pad_left(std::string_view text, std::size_t width);

// Not more than `width` columns; what is cut is replaced by "...".
std::string shorten(std::string_view text, std::size_t width);

// Control characters become "?", so that a text from a database cannot steer the terminal.
std::string printable(std::string_view text);
// The same of a text that may have several lines.
std::string printable_lines(std::string_view text);

// Breaks at white space so that no line is wider than `width` where a word is not; every line but the first
// starts with `indent` spaces. No line break at the end. Control characters become "?" here too.
std::string wrap(std::string_view text, std::size_t width, std::size_t indent = 0);

}  // namespace tti::cli
