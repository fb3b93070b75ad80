#include "cli/command.hpp"

#include <algorithm>

namespace tti::cli {
namespace {

void walk_from(Path& path, const Command& command, bool hidden_too,
               const std::function<void(const Path&, const Command&)>& visit) {
    if (command.hidden && !hidden_too) return;
    path.push_back(command.name);
    visit(path, command);
    for (const auto& child : command.children) walk_from(path, child, hidden_too, visit);
    path.pop_back();
}

}  // namespace

const std::vector<settings::Option>& writing_options() {
    static const std::vector<settings::Option> options{
        {.name = "dry-run",
         .type = settings::Type::boolean,
         .description = "show what would be done; the server refuses writes"},
        {.name = "yes",
         .type = settings::Type::boolean,
         .description = "agree to what the plan says will be lost"},
        {.name = "wait",
         .type = settings::Type::duration,
         .description = "how long to wait for another run to end",
         .default_text = "0s"},
    };
    return options;
}

std::function<bool(const settings::Values&)> when_given(std::string option) {
    return [option = std::move(option)](const settings::Values& values) { return values.boolean(option); };
}

std::vector<settings::Option> flags_of(const Command& command) {
    auto flags = command.options;
    if (command.effect == Effect::writes) {
        flags.insert(flags.end(), writing_options().begin(), writing_options().end());
    }
    return flags;
}

std::vector<settings::Option> arguments_of(const Command& command) {
    auto arguments = command.arguments;
    for (auto& argument : arguments) argument.positional = true;
    return arguments;
}

std::vector<settings::Option> inputs_of(const Command& command) {
    auto inputs = arguments_of(command);
    const auto flags = flags_of(command);
    inputs.insert(inputs.end(), flags.begin(), flags.end());
    return inputs;
}

const Command* find_child(const Command& group, std::string_view name) {
    const auto child = std::ranges::find(group.children, name, &Command::name);
    return child == group.children.end() ? nullptr : &*child;
}

void walk(const Command& program, bool hidden_too,
          const std::function<void(const Path&, const Command&)>& visit) {
    Path path;
    walk_from(path, program, hidden_too, visit);
}

}  // namespace tti::cli
