#pragma once

#include <string_view>

#include <nlohmann/json.hpp>

#include "util/expected.hpp"

namespace tti::lorawan {

// A google.protobuf.Struct. With `masked` every text in it is Secret::mask.
Expected<nlohmann::ordered_json> structure_to_json(std::string_view message, bool masked);

}  // namespace tti::lorawan
