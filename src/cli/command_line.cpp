#include "cli/command_line.hpp"

#include <algorithm>

#include "util/text.hpp"

namespace tti::cli {
namespace {

constexpr std::string_view plain_characters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:@,+=%";

std::string quoted(const std::string& value) {
    if (value.find_first_not_of(plain_characters) == std::string::npos) return value;
    std::string text = "'";
    for (const char character : value) {
        if (character == '\'') {
            text += "'\\''";
        } else {
            text += character;
        }
    }
    return text + "'";
}

}  // namespace

std::string shown_flag(const settings::Option& option, const std::string& value) {
    if (option.type == settings::Type::boolean && value == "true") return "--" + option.name;
    const bool masked =
        option.type == settings::Type::secret_text || option.type == settings::Type::secret_list;
    const auto text = masked ? std::string(Secret::mask) : quoted(value);
    if (!option.positional) return "--" + option.name + "=" + text;
    return (value.starts_with("-") && value != "-" ? "-- " : "") + text;
}

std::string shown_command_line(const ParsedLine& line, const std::vector<settings::Option>& settings) {
    auto known = inputs_of(*line.command);
    known.insert(known.end(), settings.begin(), settings.end());
    std::string text = util::join(line.path, " ");
    for (const auto& flag : line.flags) {
        const auto option = std::ranges::find(known, flag.name, &settings::Option::name);
        // One that stood before its command and belongs to a group in between: not known here, so not shown.
        text += " " + (option == known.end() ? "--" + flag.name : shown_flag(*option, flag.text));
    }
    return text;
}

}  // namespace tti::cli
