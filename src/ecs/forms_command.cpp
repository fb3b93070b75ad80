#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/aws_of_run.hpp"
#include "cli/resolve_line.hpp"
#include "ecs/commands.hpp"
#include "ecs/deployment.hpp"
#include "ecs/forms.hpp"
#include "ecs/task_command.hpp"
#include "util/error.hpp"

namespace tti::ecs {
namespace {

using settings::Type;

constexpr auto command_argument = "command";
constexpr auto form_option = "form";

// A form of the Database Operations page, and where it goes there.
struct Form {
    const char* name;
    std::string where;
    Expected<std::string> text;
};

std::array<Form, 3> forms_of(std::span<const std::string> command, const std::optional<RunArguments>& where) {
    return {Form{"console",
                 fmt::format("AWS Console: Run new task > Container overrides > {} > Command override",
                             container_name),
                 console_line(command)},
            Form{"json", fmt::format("JSON, for a container override of {}", container_name),
                 json_array(command)},
            Form{"call",
                 where ? std::string("AWS CLI")
                       : std::string("AWS CLI, where the variables are the words of output "
                                     "OpsRunTaskArguments, in its order"),
                 where ? run_task_call(command, *where) : run_task_call(command)}};
}

std::optional<RunArguments> named_place(cli::Context& context) {
    if (!names_deployment(context.values)) return std::nullopt;
    cli::AwsOfRun aws(context);
    return find_deployment(aws.session(), context.values).where();
}

void tell_one(const cli::Context& context, const std::string& name, std::span<const Form> forms) {
    const auto form = std::ranges::find(forms, name, &Form::name);
    if (!form->text) {
        throw RefusedError(fmt::format("this command has no such form: {}", form->text.error()),
                           "Take another one with --form json or --form call.");
    }
    context.reporter.result(*form->text + "\n", {{form->name, *form->text}});
}

void tell_all(const cli::Context& context, std::span<const Form> forms) {
    std::string text;
    nlohmann::json data;
    for (const auto& form : forms) {
        text += fmt::format("{}{}:\n{}\n", text.empty() ? "" : "\n", form.where,
                            form.text ? *form.text : "not in this form: " + form.text.error());
        data[form.name] = form.text ? nlohmann::json(*form.text) : nlohmann::json();
    }
    context.reporter.result(text, data);
}

ExitCode run_forms(cli::Context& context) {
    const auto& values = context.values;
    if (!values.given(command_argument)) {
        throw UsageError("one command is needed, behind --",
                         "Such as: tti-lw-stack ecs command -- is-db migrate");
    }
    const auto line = parse_command(context, values.list(command_argument));
    require_fit_for_task(context, line, cli::resolve_words(line));
    Words command{context.program.name};
    command.insert(command.end(), line.words.begin(), line.words.end());
    const auto forms = forms_of(command, named_place(context));
    if (!values.given(form_option)) {
        tell_all(context, forms);
    } else {
        tell_one(context, values.text(form_option), forms);
    }
    return ExitCode::done;
}

std::vector<settings::Option> form_options() {
    auto options = deployment_options();
    options.push_back({.name = form_option,
                       .description = "print this form alone, for a script",
                       .value_name = "FORM",
                       .choices = {"console", "json", "call"}});
    for (auto& option : secret_options()) options.push_back(std::move(option));
    return options;
}

}  // namespace

cli::Command forms_command() {
    return {
        .name = "command",
        .summary = "Print a command as the AWS Console and the AWS CLI take it for a task",
        .description =
            "The three forms of the Database Operations page: the line with commas for the field Command "
            "override of the Console, the JSON array, and the whole call of aws ecs run-task. No shell reads "
            "them within the task, so nothing in them is quoted for one. The Console ends an argument at a "
            "comma; a command that has one is told so.\n\n"
            "With --ecs or --ecs-arguments the call has the words of that deployment, else variables. The "
            "command is checked as if it was to run, and refused where a secret would stay in the override.",
        .arguments = {{.name = command_argument,
                       .type = Type::list,
                       .description = "the command with its options",
                       .value_name = "COMMAND"}},
        .options = form_options(),
        .examples = {{"ecs command -- is-db migrate", "what to paste into the Console"},
                     {"ecs command --ecs ttich-prod-eu1 --form call -- ns-db prune",
                      "a call of the AWS CLI that can be run as it is"}},
        .run = run_forms,
    };
}

}  // namespace tti::ecs
