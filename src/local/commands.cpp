#include "local/commands.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "local/deployment.hpp"
#include "local/presentation.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

namespace tti::local {
namespace {

// Two calls at once are one's work and the other's short wait; the wait asked for only makes it longer.
constexpr std::chrono::seconds shortest_wait{60};

Site site_of(const cli::Context& context) {
    return find_site(context.values.text("dir"), context.surroundings);
}

std::chrono::nanoseconds wait_of(const cli::Context& context) {
    return std::max<std::chrono::nanoseconds>(context.values.duration("wait"), shortest_wait);
}

bool is_dry_run(const cli::Context& context, const operation::Plan& plan) {
    const bool dry_run = context.values.boolean("dry-run");
    if (dry_run) {
        context.reporter.plan(plan, true);
    }
    return dry_run;
}

ExitCode up(cli::Context& context) {
    const auto site = site_of(context);
    const auto plan = plan_up(site);
    if (is_dry_run(context, plan)) {
        return ExitCode::done;
    }
    if (!plan.steps.empty()) {
        context.reporter.log(operation::Level::info, plan.title);
    }
    const auto state = bring_up(site, context.surroundings, wait_of(context), context.stop);
    const std::string next = context.values.given("dir")
                                 ? fmt::format("eval \"$(tti-lw-stack local env --dir {})\"",
                                               util::shell_quoted(site.layout.folder.string()))
                                 : "tti-lw-stack is-db migrate";
    context.reporter.result(describe_up(site, state, next), to_json(site, state));
    return ExitCode::done;
}

ExitCode down(cli::Context& context) {
    const auto site = site_of(context);
    if (is_dry_run(context, plan_down(site))) {
        return ExitCode::done;
    }
    const auto state = take_down(site, wait_of(context), context.stop);
    context.reporter.result(describe_down(site, state), to_json(site, state));
    return ExitCode::done;
}

ExitCode status(cli::Context& context) {
    const auto site = site_of(context);
    const auto state = look(site, context.stop);
    context.reporter.result(describe_status(site, state), to_json(site, state));
    return state.running() ? ExitCode::done : ExitCode::due;
}

ExitCode environment(cli::Context& context) {
    const auto site = site_of(context);
    const auto variables = environment_of(require_record(site));
    if (!look(site, context.stop).running()) {
        context.reporter.log(operation::Level::warn,
                             "the local deployment is not running; start it with `tti-lw-stack local up`");
    }
    context.reporter.result(describe_environment(variables), nlohmann::json(variables));
    return ExitCode::done;
}

void confirm(cli::Context& context, const operation::Plan& plan) {
    if (context.values.boolean("yes")) {
        return;
    }
    if (!context.prompt.can_ask()) {
        throw RefusedError(plan.confirmation, "Say --yes to go on.");
    }
    if (!context.prompt.ask(plan.confirmation + " Go on?")) {
        throw RefusedError("nothing was deleted, as you answered");
    }
}

ExitCode reset(cli::Context& context) {
    const auto site = site_of(context);
    const auto plan = plan_removal(site);
    if (is_dry_run(context, plan)) {
        return ExitCode::done;
    }
    context.reporter.plan(plan, false);
    confirm(context, plan);
    remove_all(site, wait_of(context), context.stop);
    context.reporter.result(fmt::format("Deleted the local deployment in {}.", site.layout.folder.string()),
                            {{"folder", site.layout.folder.string()}, {"deleted", true}});
    return ExitCode::done;
}

cli::Command leaf(std::string name, std::string summary, cli::Effect effect,
                  std::function<ExitCode(cli::Context&)> run) {
    cli::Command command;
    command.name = std::move(name);
    command.summary = std::move(summary);
    command.effect = effect;
    command.run = std::move(run);
    settings::Option folder;
    folder.name = "dir";
    folder.description =
        "folder of the deployment; by default tti-lw-stack in $XDG_DATA_HOME or ~/.local/share, and "
        "for root /var/lib/tti-lw-stack where the servers' user cannot enter root's home";
    folder.value_name = "DIR";
    command.options.push_back(std::move(folder));
    return command;
}

cli::Command up_command() {
    auto command = leaf("up", "Bring up a private PostgreSQL and Redis", cli::Effect::writes, up);
    command.description =
        "Makes and starts a PostgreSQL and a Redis of their own in one folder, reachable from this machine "
        "alone: by "
        "unix sockets, and by a free port of 127.0.0.1 each. Passwords are generated. What runs already is "
        "left as it "
        "is, and what a crash or a reboot ended is started again with its data.\n\n"
        "Called as root, the servers run as the user postgres, or as nobody where there is none.";
    command.examples = {
        {"local up", "bring up the deployment that the other commands then use by themselves"},
        {"local up --dir /srv/lorawan", "the same in a folder of your choice"}};
    return command;
}

cli::Command env_command() {
    auto command =
        leaf("env", "Print the variables that lead to the local deployment", cli::Effect::reads, environment);
    command.description =
        "Prints shell commands that set the addresses and passwords for this program and for the open-source "
        "stack. "
        "Passwords are shown: that is what the command is for.";
    command.examples = {
        {"local env", "print the variables; use them with eval \"$(tti-lw-stack local env)\""},
        {"local env --output json", "the same as an object"}};
    return command;
}

cli::Command reset_command() {
    auto command = leaf("reset", "Stop the local deployment and delete its data", cli::Effect::writes, reset);
    command.description =
        "Deletes what `local up` made, after a question or with --yes. A folder without local.json is "
        "not touched.";
    command.examples = {{"local reset --dry-run", "show what would be deleted"},
                        {"local reset --yes", "delete it without a question"}};
    return command;
}

}  // namespace

cli::Command commands() {
    cli::Command group;
    group.name = "local";
    group.only_here = true;
    group.summary = "Run a private PostgreSQL and Redis on this machine";
    group.description =
        "For a first look, for tests, and for a small network on one machine. Without any configuration "
        "the other commands use a running local deployment, and say so.";
    auto down_command =
        leaf("down", "Stop the local deployment and keep its data", cli::Effect::writes, down);
    down_command.examples = {{"local down", "stop both servers cleanly"}};
    auto status_command =
        leaf("status", "Show whether the local deployment runs", cli::Effect::reads, status);
    status_command.description = "The exit code is 3 (due) when a server is not running.";
    status_command.examples = {{"local status", "show both servers, their versions and sizes"}};
    group.children = {up_command(), std::move(down_command), std::move(status_command), env_command(),
                      reset_command()};
    return group;
}

}  // namespace tti::local
