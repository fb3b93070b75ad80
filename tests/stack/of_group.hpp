#pragma once

#include <algorithm>
#include <string_view>

#include "stack/databases.hpp"

namespace tti::stack {

inline const Database& of_group(std::string_view group) {
    return *std::ranges::find(databases(), group, &Database::group);
}

}  // namespace tti::stack
