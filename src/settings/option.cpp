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

std::string shown_name(const Option& option) {
    if (!option.positional) return "--" + option.name;
    return option.value_name.empty() ? util::upper(option.name) : option.value_name;
}

}  // namespace tti::settings
