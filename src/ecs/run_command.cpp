#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "cli/resolve_line.hpp"
#include "ecs/commands.hpp"
#include "ecs/deployment.hpp"
#include "ecs/forms.hpp"
#include "ecs/task_command.hpp"

namespace tti::ecs {
namespace {

using settings::Type;

constexpr auto command_argument = "command";

// A command in one of the forms of the Database Operations page, by the option that takes it.
struct Form {
    const char* option;
    const char* description;
    const char* value_name;
    Expected<Words> (*parse)(std::string_view text);
};
constexpr std::array forms{
    Form{"console-line", "the command as the AWS Console takes it: words between commas", "LINE",
         parse_console_line},
    Form{"json", "the command as a JSON array of words", "ARRAY", parse_json_array},
    Form{"call", "the command out of a call of aws ecs run-task", "CALL", parse_run_task_call},
};

[[noreturn]] void throw_not_one() {
    throw UsageError("one command is needed: behind --, or by --console-line, --json or --call",
                     "Such as: tti-lw-stack ecs run --ecs ttich-prod-eu1 -- is-db migrate");
}

Words given_words(const settings::Values& values) {
    const auto is_given = [&values](const Form& form) { return values.given(form.option); };
    const bool is_behind = values.given(command_argument);
    if (std::ranges::count_if(forms, is_given) + (is_behind ? 1 : 0) != 1) throw_not_one();
    if (is_behind) return values.list(command_argument);
    const auto* form = std::ranges::find_if(forms, is_given);
    auto words = form->parse(values.text(form->option));
    // What could not be read may hold a secret, so it is not shown.
    if (!words) throw UsageError(fmt::format("--{} cannot be read: {}", form->option, words.error()));
    return std::move(*words);
}

ExitCode run_words(cli::Context& context) {
    const auto line = parse_command(context, given_words(context.values));
    return run_elsewhere(context, line, cli::resolve_words(line));
}

std::vector<settings::Option> run_options() {
    auto options = program_options();
    for (const auto& form : forms) {
        options.push_back({.name = form.option,
                           .type = Type::text,
                           .description = form.description,
                           .value_name = form.value_name});
    }
    return options;
}

}  // namespace

cli::Command run_command() {
    return {
        .name = "run",
        .summary = "Run a command as a task of a deployment, and show what it tells",
        .description =
            "The same as --ecs before the command, and for a command as it stands in notes about the AWS "
            "Console "
            "or the AWS CLI. Where it runs is always said by --ecs or --ecs-arguments.\n\n"
            "Ctrl-C asks whether to stop the task, which then ends at its next safe point, or to leave it "
            "running; "
            "without a terminal it is stopped. Whoever left, or lost the connection, comes back with ecs "
            "attach.\n\n"
            "The exit code is the command's own; 9 says that it never began, and why.",
        .arguments = {{.name = command_argument,
                       .type = Type::list,
                       .description = "the command with its options",
                       .value_name = "COMMAND"}},
        .options = run_options(),
        .examples = {{"ecs run --ecs ttich-prod-eu1 -- is-db migrate --dry-run",
                      "see in the deployment what is due"},
                     {"ecs run --ecs ttich-prod-eu1 --console-line 'tti-lw-stack,ns-db,prune'",
                      "run what notes have for the AWS Console"}},
        .run = run_words,
    };
}

}  // namespace tti::ecs
