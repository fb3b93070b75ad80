#include <fmt/format.h>

#include "cli/completion_words.hpp"
#include "cli/option_text.hpp"
#include "util/text.hpp"

namespace tti::cli {
namespace {

std::string zsh_words(const Place& place) {
    std::string commands;
    for (const auto* command : place.commands)
        commands += " " + util::shell_quoted(command->name + ":" + summary_of(*command));
    for (const auto& choice : argument_choices(place)) commands += " " + util::shell_quoted(choice);
    std::string options;
    for (const auto& option : place.options)
        options += " " + util::shell_quoted("--" + option.name + ":" + option.description);
    return fmt::format("        {}) commands=({} ) options=({} ){} ;;\n", util::shell_quoted(place.at),
                       commands, options, takes_files(place) ? " files=yes" : "");
}

std::string zsh_values(const Place& place) {
    std::string text;
    for (const auto& option : place.options) {
        const auto what = completes(option);
        if (what == Completes::nothing) continue;
        text += fmt::format("        {}) ", util::shell_quoted(place.at + " --" + option.name));
        if (what == Completes::choices)
            text += fmt::format("compadd -- {}; ", util::join(option.choices, " "));
        if (what == Completes::files) text += "_files; ";
        text += "return ;;\n";
    }
    return text;
}

}  // namespace

std::string zsh_completion(const Command& program, const std::vector<Place>& places) {
    const auto function = function_name(program);
    std::string words;
    std::string values;
    for (const auto& place : places) {
        words += zsh_words(place);
        values += zsh_values(place);
    }
    return fmt::format(R"(#compdef {0}
{1}() {{
    local current="$words[CURRENT]" previous="$words[CURRENT-1]" at="" word files=""
    local -a commands options
    for word in "${{(@)words[2,CURRENT-1]}}"; do
        case "$at/$word" in
            {2}) at="$at/$word" ;;
        esac
    done
    if [[ $current == --*=* ]]; then
        previous="${{current%%=*}}"
        compset -P '*='
    fi
    case "$at $previous" in
{3}    esac
    case "$at" in
{4}    esac
    if [[ -n $files && $current != -* ]]; then
        _files
    elif (( $#commands )) && [[ $current != -* ]]; then
        _describe command commands
    else
        _describe option options
    fi
}}
if [[ $funcstack[1] == {1} ]]; then
    {1} "$@"
else
    compdef {1} {0}
fi
)",
                       program.name, function, place_patterns(places, "|"), values, words);
}

}  // namespace tti::cli
