#pragma once

#include <string>
#include <vector>

#include "cli/command.hpp"

namespace tti::cli {

// What may be typed at one place of the tree; the three shells' scripts are written from these.
struct Place {
    std::string at;  // "" for the program, "/is-db/migrate"
    std::vector<const Command*> commands;
    std::vector<settings::Option> arguments;
    std::vector<settings::Option> options;
};

// Every place, without hidden commands and options.
std::vector<Place> completion_places(const Command& program, const std::vector<settings::Option>& settings);

// "/is-db|/is-db/migrate": every place but the program itself, joined by `separator`.
std::string place_patterns(const std::vector<Place>& places, std::string_view separator);

enum class Completes { nothing, value, choices, files };
Completes completes(const settings::Option& option);
// Whether an argument of this place is a file.
bool takes_files(const Place& place);
// What the arguments of this place may be, where that is known.
std::vector<std::string> argument_choices(const Place& place);

// "_tti_lw_stack"
std::string function_name(const Command& program);

std::string bash_completion(const Command& program, const std::vector<Place>& places);
std::string zsh_completion(const Command& program, const std::vector<Place>& places);
std::string fish_completion(const Command& program, const std::vector<Place>& places);

}  // namespace tti::cli
