#include <fmt/format.h>

#include "cli/completion_words.hpp"
#include "cli/option_text.hpp"
#include "util/text.hpp"

namespace tti::cli {
namespace {

// In single quotes fish reads a backslash before a quote or a backslash alone.
std::string fish_quoted(std::string_view text) {
    std::string quoted = "'";
    for (const char character : text) {
        if (character == '\'' || character == '\\') quoted += '\\';
        quoted += character;
    }
    return quoted + "'";
}

std::string option_arguments(const settings::Option& option) {
    std::string text = fmt::format(" -l {} -d {}", option.name, fish_quoted(option.description));
    if (option.short_name != 0) text += fmt::format(" -s {}", option.short_name);
    switch (completes(option)) {
        case Completes::nothing:
            break;
        case Completes::value:
            text += " -x";
            break;
        case Completes::choices:
            text += " -x -a " + fish_quoted(util::join(option.choices, " "));
            break;
        case Completes::files:
            text += " -r -F";
            break;
    }
    return text;
}

}  // namespace

std::string fish_completion(const Command& program, const std::vector<Place>& places) {
    const auto function = "_" + function_name(program) + "_at";
    std::string lines;
    for (const auto& place : places) {
        const auto start = fmt::format("complete -c {} -n {}", program.name,
                                       fish_quoted(function + " \"" + place.at + "\""));
        for (const auto* command : place.commands) {
            lines += fmt::format("{} -a {} -d {}\n", start, command->name, fish_quoted(summary_of(*command)));
        }
        if (takes_files(place)) lines += start + " -F\n";
        for (const auto& choice : argument_choices(place))
            lines += start + " -a " + fish_quoted(choice) + "\n";
        for (const auto& option : place.options) lines += start + option_arguments(option) + "\n";
    }
    return fmt::format(R"(# fish completion for {0}
function {1}
    set -l at ""
    for word in (commandline -opc)
        switch "$at/$word"
            case {2}
                set at "$at/$word"
        end
    end
    test "$at" = "$argv[1]"
end
complete -c {0} -f
{3})",
                       program.name, function, place_patterns(places, " "), lines);
}

}  // namespace tti::cli
