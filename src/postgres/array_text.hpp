#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tti::postgres {

// The elements of a one-dimensional array as PostgreSQL writes it: {a,"b \"c\"",NULL}. NULL becomes empty.
std::vector<std::string> parse_array(std::string_view text);

}  // namespace tti::postgres
