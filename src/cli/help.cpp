#include "cli/help.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "cli/option_text.hpp"
#include "cli/text_layout.hpp"
#include "util/text.hpp"

namespace tti::cli {
namespace {

constexpr std::size_t widest_left = 28;

struct Entry {
    std::string left;
    std::vector<std::string> right;
};

// Two columns; a left side that is too wide stands on a line of its own.
std::string entries_text(const std::vector<Entry>& entries, std::size_t width) {
    std::size_t left = 0;
    for (const auto& entry : entries) {
        const auto needed = display_width(entry.left);
        if (needed <= widest_left) left = std::max(left, needed);
    }
    const auto indent = 2 + left + 2;
    std::string text;
    for (const auto& entry : entries) {
        const bool fits = display_width(entry.left) <= left;
        text +=
            "  " + (fits ? pad_right(entry.left, left) + "  " : entry.left + "\n" + std::string(indent, ' '));
        for (std::size_t i = 0; i < entry.right.size(); ++i) {
            if (i > 0) text += std::string(indent, ' ');
            text += wrap(entry.right[i], width, indent) + "\n";
        }
    }
    return text;
}

Entry option_entry(const settings::Option& option, bool from_environment) {
    const auto facts = util::join(option_facts(option), "; ");
    Entry entry{flag_syntax(option),
                {option.description + (facts.empty() ? "" : fmt::format(" ({})", facts))}};
    if (from_environment) entry.right.push_back(settings::environment_name(option.name));
    return entry;
}

std::string options_text(const OptionGroup& group, std::size_t width) {
    std::vector<Entry> entries;
    for (const auto& option : group.options) entries.push_back(option_entry(option, group.from_environment));
    return fmt::format("\n{}:\n{}", group.title, entries_text(entries, width));
}

std::string commands_text(const Command& command, std::size_t width) {
    std::vector<Entry> entries;
    for (const auto& child : command.children) {
        if (!child.hidden) entries.push_back({child.name, {summary_of(child)}});
    }
    return entries.empty() ? "" : "\nCommands:\n" + entries_text(entries, width);
}

std::string help_examples(const Path& path, const Command& command) {
    std::string text;
    for (const auto& example : command.examples) {
        text += fmt::format("{}  # {}\n  {} {}\n", text.empty() ? "\nExamples:\n" : "", example.what,
                            path.front(), example.arguments);
    }
    return text;
}

}  // namespace

std::string help(const Path& path, const Command& command, const std::vector<settings::Option>& settings,
                 std::size_t width) {
    std::string text = wrap(summary_of(command) + ".", width) + "\n";
    text += fmt::format("\nUsage:\n  {}\n", usage_line(path, command));
    for (const auto& paragraph : paragraphs(command.description))
        text += "\n" + wrap(paragraph, width) + "\n";
    text += commands_text(command, width);
    for (const auto& group : option_groups(command, settings)) text += options_text(group, width);
    text += help_examples(path, command);
    if (!command.run) text += fmt::format("\nFor one of them: {} COMMAND --help\n", util::join(path, " "));
    return text;
}

}  // namespace tti::cli
