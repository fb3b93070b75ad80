#include "cli/completion.hpp"

#include <algorithm>

#include "cli/completion_words.hpp"
#include "cli/option_text.hpp"
#include "util/text.hpp"

namespace tti::cli {
namespace {

Place place_of(const Path& path, const Command& command, const std::vector<settings::Option>& settings) {
    Place place;
    for (std::size_t i = 1; i < path.size(); ++i) place.at += "/" + path[i];
    for (const auto& child : command.children) {
        if (!child.hidden) place.commands.push_back(&child);
    }
    for (const auto& group : option_groups(command, settings)) {
        for (const auto& option : group.options) {
            (option.positional ? place.arguments : place.options).push_back(option);
        }
    }
    place.options.push_back(
        {.name = "help", .type = settings::Type::boolean, .description = "show what it does"});
    return place;
}

}  // namespace

std::vector<Place> completion_places(const Command& program, const std::vector<settings::Option>& settings) {
    std::vector<Place> places;
    walk(program, false, [&](const Path& path, const Command& command) {
        places.push_back(place_of(path, command, settings));
    });
    return places;
}

std::string place_patterns(const std::vector<Place>& places, std::string_view separator) {
    std::vector<std::string> patterns;
    for (const auto& place : places) {
        if (!place.at.empty()) patterns.push_back(place.at);
    }
    return util::join(patterns, separator);
}

Completes completes(const settings::Option& option) {
    if (option.type == settings::Type::boolean) return Completes::nothing;
    if (!option.choices.empty()) return Completes::choices;
    const auto name = option.value_name;
    return name == "PATH" || name == "FILE" || name == "DIR" ? Completes::files : Completes::value;
}

bool takes_files(const Place& place) {
    return std::ranges::any_of(place.arguments,
                               [](const auto& argument) { return completes(argument) == Completes::files; });
}

std::vector<std::string> argument_choices(const Place& place) {
    std::vector<std::string> choices;
    for (const auto& argument : place.arguments) {
        choices.insert(choices.end(), argument.choices.begin(), argument.choices.end());
    }
    return choices;
}

std::string function_name(const Command& program) {
    std::string name = "_" + program.name;
    std::ranges::replace(name, '-', '_');
    return name;
}

std::string completion(Shell shell, const Command& program, const std::vector<settings::Option>& settings) {
    const auto places = completion_places(program, settings);
    switch (shell) {
        case Shell::bash:
            return bash_completion(program, places);
        case Shell::zsh:
            return zsh_completion(program, places);
        case Shell::fish:
            return fish_completion(program, places);
    }
    return {};
}

}  // namespace tti::cli
