#include "setup/command.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "identity_server/password_policy.hpp"
#include "operation/dry_run.hpp"
#include "settings/catalogue.hpp"
#include "setup/fields.hpp"
#include "setup/operation.hpp"
#include "setup/print.hpp"
#include "setup/read_given.hpp"
#include "setup/setup_tasks.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

namespace tti::setup {
namespace {

using settings::Type;

ExitCode set_up(cli::Context& context, const Deployment& deployment) {
    SetupOperation operation(context, deployment);
    operation::NoLock lock;
    operation::NoJournal journal;
    operation::run(operation, {context.values.boolean("dry-run"), context.values.boolean("yes")},
                   operation::current_identity(context.command_line),
                   {lock, journal, context.reporter, context.prompt, context.stop});
    if (context.values.boolean("dry-run") || operation.differing().empty()) return ExitCode::done;
    const auto ids = util::join(operation.differing(), ", ");
    throw DueError(
        fmt::format(
            "the stored secret of OAuth client {} differs from what is described, and was left as it is",
            ids),
        fmt::format("Describe the one that the application has, or replace the stored one with "
                    "--replace-secret={}.",
                    operation.differing().front()));
}

ExitCode run(cli::Context& context) {
    if (context.values.boolean("example")) {
        const auto text = example();
        context.reporter.result(text, {{"example", text}});
        return ExitCode::done;
    }
    const auto deployment = judge(read_given(context.surroundings, context.values), context.values);
    if (!context.values.boolean("print")) return set_up(context, deployment);
    print_page(deployment, context.reporter);
    return ExitCode::done;
}

// What the commands that it runs need to know.
std::vector<std::string> database_settings() {
    std::vector<std::string> names{"is.database-uri", "tenancy.default-id",
                                   "as.packages.storage.postgres.database-uri", "noc.store.database-uri",
                                   "noc.store.raw-data-retention"};
    std::ranges::move(identity_server::password_requirement_settings(), std::back_inserter(names));
    for (const auto& option : settings::catalogue()) {
        if (option.name.starts_with("redis.")) names.push_back(option.name);
    }
    return names;
}

std::vector<settings::Option> options() {
    auto options = flags();
    options.push_back({.name = "replace-secret",
                       .type = Type::list,
                       .description = "OAuth clients whose stored secret, where it differs, is replaced",
                       .value_name = "ID"});
    options.push_back({.name = "step",
                       .description = "do this step of the plan alone, as a task of a deployment does",
                       .value_name = "STEP",
                       .hidden = true});
    options.push_back({.name = "print",
                       .type = Type::boolean,
                       .description = "print the commands of the Database Operations page for it instead"});
    options.push_back({.name = "example",
                       .type = Type::boolean,
                       .description = "print a commented file to begin with instead"});
    return options;
}

}  // namespace

cli::Command setup_command() {
    return {
        .name = "setup",
        .summary = "Prepare all databases of a new deployment, as a file describes it",
        .description =
            "Creates the tables of events storage, Network Operations Center and Identity Server, records "
            "the "
            "layouts in Redis, and makes tenants, OAuth clients and admin users: what the Database "
            "Operations "
            "page does by hand. Each is a command of its own (is-db create-tenant and so on) that is run "
            "only "
            "where it changes something, after one plan and one question. A run that was killed is given "
            "again, and a changed file too: it then changes the difference.\n\n"
            "The deployment is described by FILE, which --example begins, by flags of the same names, or by "
            "both; a flag goes before the file. Secrets stand in neither, only where they are.\n\n"
            "What is no longer described is told and stays. A stored secret of an OAuth client that differs "
            "is told too, and replaced with --replace-secret alone. The password of a user who is there "
            "stays.\n\n"
            "On a deployment on ECS (--ecs) one task plans, each step is a task of its own, and what an "
            "earlier run left "
            "behind is waited for. Secrets are then read by the tasks: those of Console and Network "
            "Operations "
            "Center from where the stack keeps them, when nothing else is said.\n\n"
            "--print gives the page's commands for it: for the AWS Console as a line with commas, for the "
            "AWS "
            "CLI as a JSON array.",
        .arguments = {{.name = "file", .description = "the file that describes it", .value_name = "FILE"}},
        .options = options(),
        .settings = database_settings(),
        .examples = {{"setup --example", "print a file to begin with"},
                     {"setup eu1.yml --dry-run", "see what it would change"},
                     {"setup eu1.yml --yes", "prepare the deployment, without a question"},
                     {"--ecs ttich-prod-eu1 setup eu1.yml", "prepare a deployment on ECS, task by task"},
                     {"setup eu1.yml --print", "get the commands for the AWS Console and CLI"}},
        .effect = cli::Effect::writes,
        .run = run,
        .run_elsewhere = set_up_by_tasks,
    };
}

}  // namespace tti::setup
