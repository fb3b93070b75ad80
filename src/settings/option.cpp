#include "settings/option.hpp"

#include <algorithm>

#include "util/text.hpp"

namespace tti::settings {

std::string environment_name(const std::string& option_name) {
    std::string name = util::upper(option_name);
    std::ranges::replace_if(
        name, [](char character) { return character == '.' || character == '-'; }, '_');
    return "TTN_LW_" + name;
}

}  // namespace tti::settings
