#pragma once

#include <string>

namespace tti::identity_server {

// Unicode classes of single characters, as the stack's password rules count them.
bool is_uppercase_letter(char32_t character);
bool is_decimal_digit(char32_t character);  // category Nd, in any script
bool is_letter_or_number(char32_t character);
std::u32string lower_case(std::u32string text);

}  // namespace tti::identity_server
