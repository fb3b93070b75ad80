#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "util/expected.hpp"

namespace tti::util {

// One record of comma separated fields (RFC 4180): a field in double quotes may hold commas, and quotes
// doubled. An empty text has no fields.
Expected<std::vector<std::string>> parse_csv(std::string_view text);

// The record that parse_csv reads back as `fields`; quotes only where they are needed.
std::string format_csv(std::span<const std::string> fields);

}  // namespace tti::util
