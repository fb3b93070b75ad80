#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "util/expected.hpp"

namespace tti::key_space {

// A line of fields with tabs between them, with its line break; escaped as in PostgreSQL's COPY text form.
std::string format_row(std::span<const std::string_view> fields);
// Back to fields; the line may end with its line break.
Expected<std::vector<std::string>> parse_row(std::string_view line);

std::string binary_text(std::string_view bytes);
Expected<std::string> parse_binary_text(std::string_view text);

}  // namespace tti::key_space
