#pragma once

#include <cstdint>
#include <string_view>

#include <nlohmann/json.hpp>

#include "lorawan/message_schema.hpp"
#include "util/expected.hpp"

namespace tti::lorawan {

enum class Secrets : std::uint8_t {
    masked,  // keys, passwords and tokens as Secret::mask
    shown,
};

// A binary message for people: fields by name in the order of their numbers, bytes in hex, times in
// RFC 3339, messages whose fields are not known as {"bytes": SIZE}, and what is not known at all under
// "unknown" as [{"field": NUMBER, "bytes": SIZE}]. Absent fields are left out. The error names the malformed
// place.
Expected<nlohmann::ordered_json> to_json(MessageKind kind, std::string_view message, Secrets secrets);

}  // namespace tti::lorawan
