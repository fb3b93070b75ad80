#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "redis/connection.hpp"

namespace tti::redis {

// The lines of INFO by name.
using InfoFields = std::map<std::string, std::string, std::less<>>;
InfoFields info_fields(std::string_view info);

// From the text of INFO; what it does not say keeps its default.
Server parse_info(std::string_view info);

}  // namespace tti::redis
