#include "cli/option_text.hpp"

#include <algorithm>
#include <array>

#include "util/text.hpp"

namespace tti::cli {
namespace {

constexpr std::array<std::string_view, 3> output_settings{"output", "log.level", "log.format"};
constexpr std::string_view files_setting = "config";

std::string alternatives(const std::vector<std::string>& choices) {
    std::string text;
    for (std::size_t i = 0; i < choices.size(); ++i) {
        if (i > 0) text += i + 1 == choices.size() ? " or " : ", ";
        text += choices[i];
    }
    return text;
}

std::vector<settings::Option> visible(const std::vector<settings::Option>& options) {
    std::vector<settings::Option> shown;
    std::ranges::copy_if(options, std::back_inserter(shown),
                         [](const auto& option) { return !option.hidden; });
    return shown;
}

}  // namespace

std::string value_name(const settings::Option& option) {
    if (option.type == settings::Type::boolean) return {};
    if (!option.value_name.empty()) return option.value_name;
    switch (option.type) {
        case settings::Type::integer:
            return "NUMBER";
        case settings::Type::duration:
            return "DURATION";
        case settings::Type::secret_text:
        case settings::Type::secret_list:
            return "SECRET";
        case settings::Type::time:
            return "TIME";
        default:
            return "TEXT";
    }
}

std::string flag_syntax(const settings::Option& option) {
    if (option.positional) return settings::shown_name(option);
    std::string text;
    if (option.short_name != 0) text += std::string("-") + option.short_name + ", ";
    text += "--" + option.name;
    const auto value = value_name(option);
    return value.empty() ? text : text + " " + value;
}

std::vector<std::string> option_facts(const settings::Option& option) {
    std::vector<std::string> facts;
    if (option.required) facts.emplace_back("required");
    if (!option.choices.empty()) facts.push_back(alternatives(option.choices));
    const bool is_off = option.type == settings::Type::boolean && option.default_text == "false";
    if (!option.default_text.empty() && !is_off) facts.push_back("default: " + option.default_text);
    const bool is_list = option.type == settings::Type::list || option.type == settings::Type::secret_list;
    if (is_list && !option.positional) facts.emplace_back("may be repeated");
    return facts;
}

std::vector<settings::Option> settings_of(const Command& command,
                                          const std::vector<settings::Option>& settings) {
    const auto is_declared = [&command](const settings::Option& option) {
        return std::ranges::find(command.settings, option.name) != command.settings.end();
    };
    const auto is_always = [&command](const settings::Option& option) {
        return std::ranges::find(output_settings, option.name) != output_settings.end() ||
               (option.name == files_setting && !command.settings.empty());
    };
    std::vector<settings::Option> used;
    std::ranges::copy_if(settings, std::back_inserter(used), is_declared);
    std::ranges::copy_if(settings, std::back_inserter(used), [&](const settings::Option& option) {
        return is_always(option) && !is_declared(option);
    });
    return used;
}

std::vector<OptionGroup> option_groups(const Command& command,
                                       const std::vector<settings::Option>& settings) {
    if (!command.run) {
        if (visible(command.options).empty()) return {};
        return {{"Options of the commands below", visible(command.options)}};
    }
    std::vector<OptionGroup> groups{{"Arguments", visible(arguments_of(command))},
                                    {"Options", visible(command.options)}};
    if (command.effect == Effect::writes)
        groups.push_back({"Options of every command that writes", writing_options()});
    if (command.settings.empty()) {
        groups.push_back({"Options of every command", visible(settings_of(command, settings))});
    } else {
        groups.push_back({"Settings (from flags, variables and configuration files)",
                          visible(settings_of(command, settings)), true});
    }
    std::erase_if(groups, [](const auto& group) { return group.options.empty(); });
    return groups;
}

std::string usage_line(const Path& path, const Command& command) {
    auto line = util::join(path, " ") + (command.run ? " [OPTIONS]" : " COMMAND [OPTIONS]");
    for (const auto& argument : visible(arguments_of(command))) {
        const bool is_list = argument.type == settings::Type::list;
        const auto name =
            is_list ? "-- " + settings::shown_name(argument) + "..." : settings::shown_name(argument);
        line += argument.required ? " " + name : " [" + name + "]";
    }
    return line;
}

std::string summary_of(const Command& command) {
    auto text = command.summary;
    if (!text.empty()) text.replace(0, 1, util::upper(text.substr(0, 1)));
    return text;
}

std::vector<std::string> paragraphs(const std::string& description) {
    std::vector<std::string> parts;
    std::size_t start = 0;
    while (start < description.size()) {
        const auto end = std::min(description.find("\n\n", start), description.size());
        const auto part = util::trim(std::string_view{description}.substr(start, end - start));
        if (!part.empty()) parts.emplace_back(part);
        start = end + 2;
    }
    return parts;
}

}  // namespace tti::cli
