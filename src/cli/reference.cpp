#include "cli/reference.hpp"

#include <fmt/format.h>

#include "cli/option_text.hpp"
#include "settings/catalogue.hpp"
#include "util/exit_code.hpp"
#include "util/text.hpp"

namespace tti::cli {
namespace {

std::string options_table(const std::vector<settings::Option>& options, bool variables) {
    const bool arguments = !options.empty() && options.front().positional;
    std::string text = fmt::format("| {} |{} Meaning |\n|---|{}---|\n", arguments ? "Argument" : "Option",
                                   variables ? " Variable |" : "", variables ? "---|" : "");
    for (const auto& option : options) {
        const auto facts = util::join(option_facts(option), "; ");
        const auto variable =
            variables ? fmt::format(" `{}` |", settings::environment_name(option.name)) : "";
        text += fmt::format("| {} |{} {}{} |\n", code_cell(flag_syntax(option)), variable,
                            cell(option.description), facts.empty() ? "" : cell(fmt::format(" ({})", facts)));
    }
    return text;
}

std::string commands_list(const Path& path, const Command& command) {
    std::string text;
    for (const auto& child : command.children) {
        if (child.hidden) continue;
        const auto title = util::join(path, " ") + " " + child.name;
        std::string anchor;
        for (const char character : title) anchor += character == ' ' ? '-' : character;
        text += fmt::format("- [`{}`](#{}): {}\n", title, anchor, summary_of(child));
    }
    return text.empty() ? "" : text + "\n";
}

// A command's own options stand in full; settings are named and stand once, at the end.
std::string group_text(const OptionGroup& group) {
    if (!group.from_environment)
        return fmt::format("{}:\n\n{}\n", group.title, options_table(group.options, false));
    std::vector<std::string> names;
    for (const auto& option : group.options) names.push_back("`" + option.name + "`");
    return fmt::format("[Settings](settings.md): {}\n\n", util::join(names, ", "));
}

std::string reference_examples(const Path& path, const Command& command) {
    std::string text;
    for (const auto& example : command.examples) {
        text += fmt::format("# {}\n{} {}\n", example.what, path.front(), example.arguments);
    }
    return text.empty() ? "" : "```sh\n" + text + "```\n\n";
}

std::string command_text(const Path& path, const Command& command,
                         const std::vector<settings::Option>& settings) {
    std::string text = fmt::format("## {}\n\n{}.\n\n", util::join(path, " "), summary_of(command));
    text += fmt::format("```\n{}\n```\n\n", usage_line(path, command));
    for (const auto& paragraph : paragraphs(command.description)) text += paragraph + "\n\n";
    text += commands_list(path, command);
    for (const auto& group : option_groups(command, settings)) text += group_text(group);
    return text + reference_examples(path, command);
}

std::string commands_page(const Command& program) {
    std::string text = "# Commands\n\n";
    walk(program, false, [&](const Path& path, const Command& command) {
        text += command_text(path, command, settings::catalogue());
    });
    return text;
}

std::string settings_page(const Command& /*program*/) {
    return "# Settings\n\nFrom flags, variables and configuration files; the first of them that has a value "
           "wins.\n\n" +
           options_table(settings::catalogue(), true);
}

std::string exit_codes_page(const Command& /*program*/) {
    std::string text = "# Exit codes\n\n| Code | Name | Meaning |\n|---|---|---|\n";
    for (const auto& entry : exit_codes()) {
        text +=
            fmt::format("| {} | {} | {} |\n", static_cast<int>(entry.code), entry.name, cell(entry.meaning));
    }
    return text;
}

}  // namespace

std::string cell(std::string_view text) {
    std::string result;
    for (const char character : text) {
        if (character == '|' || character == '<') result += '\\';
        result += character;
    }
    return result;
}

std::string code_cell(std::string_view text) {
    std::string result = "`";
    for (const char character : text) {
        if (character == '|') result += '\\';
        result += character;
    }
    return result + "`";
}

std::vector<ReferencePage> own_reference_pages() {
    return {{"commands", "every command and its options", commands_page},
            {"settings", "every setting and its variable", settings_page},
            {"exit-codes", "every exit code", exit_codes_page}};
}

}  // namespace tti::cli
