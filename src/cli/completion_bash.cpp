#include <fmt/format.h>

#include "cli/completion_words.hpp"
#include "util/text.hpp"

namespace tti::cli {
namespace {

std::string bash_words(const Place& place) {
    std::vector<std::string> commands;
    for (const auto* command : place.commands) commands.push_back(command->name);
    for (const auto& choice : argument_choices(place)) commands.push_back(choice);
    std::vector<std::string> options;
    for (const auto& option : place.options) options.push_back("--" + option.name);
    return fmt::format("        {}) commands={} options={}{} ;;\n", util::shell_quoted(place.at),
                       util::shell_quoted(util::join(commands, " ")),
                       util::shell_quoted(util::join(options, " ")), takes_files(place) ? " files=yes" : "");
}

std::string bash_values(const Place& place) {
    std::string text;
    for (const auto& option : place.options) {
        const auto what = completes(option);
        if (what == Completes::nothing) continue;
        text += fmt::format("        {}) ", util::shell_quoted(place.at + " --" + option.name));
        if (what == Completes::choices) {
            text += fmt::format("COMPREPLY=($(compgen -W {} -- \"$current\")); ",
                                util::shell_quoted(util::join(option.choices, " ")));
        } else if (what == Completes::files) {
            text += "compopt -o filenames; COMPREPLY=($(compgen -f -- \"$current\")); ";
        }
        text += "return ;;\n";
    }
    return text;
}

}  // namespace

std::string bash_completion(const Command& program, const std::vector<Place>& places) {
    const auto function = function_name(program);
    std::string words;
    std::string values;
    for (const auto& place : places) {
        words += bash_words(place);
        values += bash_values(place);
    }
    return fmt::format(R"(# bash completion for {0}
{1}() {{
    local current="${{COMP_WORDS[COMP_CWORD]}}" previous="${{COMP_WORDS[COMP_CWORD - 1]}}"
    # Bash makes a word of its own of "=".
    if [[ $current == "=" ]]; then
        current=""
    elif [[ $previous == "=" ]]; then
        previous="${{COMP_WORDS[COMP_CWORD - 2]}}"
    fi
    local at="" word commands="" options="" files=""
    for word in "${{COMP_WORDS[@]:1:COMP_CWORD - 1}}"; do
        case "$at/$word" in
            {2}) at="$at/$word" ;;
        esac
    done
    COMPREPLY=()
    case "$at $previous" in
{3}    esac
    case "$at" in
{4}    esac
    if [[ $current != -* && -n $files ]]; then
        compopt -o filenames
        COMPREPLY=($(compgen -f -- "$current"))
    elif [[ $current != -* && -n $commands ]]; then
        COMPREPLY=($(compgen -W "$commands" -- "$current"))
    else
        COMPREPLY=($(compgen -W "$options" -- "$current"))
    fi
}}
complete -F {1} {0}
)",
                       program.name, function, place_patterns(places, "|"), values, words);
}

}  // namespace tti::cli
