#pragma once

#include <string>
#include <string_view>

namespace tti::postgres {

// Line breaks and runs of blanks become one blank each; none at either end.
std::string one_line(std::string_view text);

}  // namespace tti::postgres
