#pragma once

#include <string>
#include <string_view>

#include "util/expected.hpp"

namespace tti::lorawan {

// The stack's text form of a message: standard base64 without padding. Reading rejects "=", takes CR and LF
// for nothing and does not mind trailing bits that are not zero, as the stack's own reader does. Empty text
// is an empty message.
std::string encode_message(std::string_view message);
Expected<std::string> decode_message(std::string_view text);

}  // namespace tti::lorawan
