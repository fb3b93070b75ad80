#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tti::util {

// RFC 3986: all but letters, digits, "-._~" and what is in `kept` is %XX.
std::string percent_encoded(std::string_view text, std::string_view kept = {});
// And back; what is no %XX stays as it is.
std::string percent_decoded(std::string_view text);
// The byte that a text begins with as %XX, where it does.
std::optional<unsigned char> leading_percent_code(std::string_view text);

}  // namespace tti::util
