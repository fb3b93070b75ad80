#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "cli/context.hpp"
#include "cli/parser.hpp"
#include "ecs/ending.hpp"
#include "settings/option.hpp"

namespace tti::ecs {

// How a command runs as a task: --timeout, --detach, and what is allowed.
std::vector<settings::Option> task_options();

// Those of them by which a secret is let through.
std::vector<settings::Option> secret_options();

// A whole command of the program, given as words within another one, with or without the program's name.
// Throws UsageError for what is none, and for options of the program itself.
cli::ParsedLine parse_command(const cli::Context& context, std::vector<std::string> words);

// The options of the program itself that let any command run as a task: deployment_options() and these.
std::vector<settings::Option> program_options();

// Throws where a command must not run as a task: it is about this machine, or a secret would stay in the
// override or in the log. `inputs` are its options as far as the line says them, `values` have
// task_options().
void require_fit_for_task(const cli::Context& context, const cli::ParsedLine& line,
                          const settings::Values& inputs);

// Runs the words of `line` as a task of the deployment that the context's values name, after all checks. For
// cli::Outside, where these are the program's own options.
ExitCode run_elsewhere(cli::Context& context, const cli::ParsedLine& line, const settings::Values& inputs);

// --timeout; nothing where it was not given. Throws UsageError.
std::optional<std::chrono::milliseconds> task_limit(const settings::Values& values);
// Whether --detach was given.
bool detaches(const settings::Values& values);

// What ends a command whose task has ended.
ExitCode exit_code_of(const Ending& ending);

}  // namespace tti::ecs
