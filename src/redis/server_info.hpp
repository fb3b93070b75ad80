#pragma once

#include <string_view>

#include "redis/connection.hpp"

namespace tti::redis {

// From the text of INFO; what it does not say keeps its default.
Server parse_info(std::string_view info);

}  // namespace tti::redis
