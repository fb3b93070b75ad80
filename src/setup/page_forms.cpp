#include "setup/page_forms.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "util/text.hpp"

namespace tti::setup {
namespace {

constexpr const char* program = "tti-lw-stack";

std::vector<std::string> whole(std::span<const std::string> arguments) {
    std::vector<std::string> all{program};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return all;
}

bool is_control(char c) {
    constexpr char first_printable = ' ';
    constexpr char del = '\x7F';
    return (c >= 0 && c < first_printable) || c == del;
}

}  // namespace

Expected<std::string> console_line(std::span<const std::string> arguments) {
    for (const auto& argument : arguments) {
        if (argument.empty()) return unexpected("an empty argument is lost between two commas");
        if (argument.find(',') != std::string::npos)
            return unexpected(fmt::format("{:?} holds a comma, which would end the argument", argument));
        if (std::ranges::any_of(argument, is_control))
            return unexpected(fmt::format("{:?} holds a control character", argument));
        if (util::trim(argument) != argument)
            return unexpected(
                fmt::format("{:?} begins or ends with a space, which the Console drops", argument));
    }
    return util::join(whole(arguments), ",");
}

Expected<std::string> json_array(std::span<const std::string> arguments) {
    try {
        return nlohmann::json(whole(arguments)).dump();
    } catch (const nlohmann::json::type_error&) {
        return unexpected("an argument is not UTF-8");
    }
}

}  // namespace tti::setup
