#pragma once

#include <map>
#include <string_view>

#include "redis/connection.hpp"

namespace tti::redis {

// The lines of INFO by name; they look into `info`.
using InfoFields = std::map<std::string_view, std::string_view>;
InfoFields info_fields(std::string_view info);

// From the text of INFO; what it does not say keeps its default.
Server parse_info(std::string_view info);

}  // namespace tti::redis
