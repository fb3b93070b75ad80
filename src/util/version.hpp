#pragma once

#include <string_view>

namespace tti::util {

std::string_view version();  // "0.1.0"
std::string_view commit();   // short hash; empty where it was not built from a checkout

}  // namespace tti::util
