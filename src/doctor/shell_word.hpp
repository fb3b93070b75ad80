#pragma once

#include <string>
#include <string_view>

namespace tti::doctor {

// As one word of a shell, in quotes only where it needs them: what is printed to be copied may come from a
// database.
std::string shell_word(std::string_view text);

}  // namespace tti::doctor
