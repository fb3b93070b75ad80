#include "stack/upgrade.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "key_space/session.hpp"
#include "operation/agreement.hpp"
#include "stack/explain_releases.hpp"
#include "stack/selection.hpp"
#include "stack/until.hpp"
#include "stack/upgrade_plan.hpp"
#include "stack/upgrade_run.hpp"
#include "stack/upgrade_tasks.hpp"
#include "util/error.hpp"

namespace tti::stack {
namespace {

using settings::Values;

// Enough of a hash not to meet another one by chance.
constexpr std::size_t least_of_a_hash = 12;

void require_hash(const Values& values) {
    const auto& hash = values.text("plan-hash");
    const bool hexadecimal = hash.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (!values.given("plan-hash") || (hexadecimal && hash.size() >= least_of_a_hash)) return;
    throw UsageError(
        fmt::format("option plan-hash = \"{}\" ({}): accepted: the hash of a plan, or its first {} digits "
                    "or more",
                    hash, values.source("plan-hash").where, least_of_a_hash),
        "tti-lw-stack upgrade --dry-run shows it.");
}

void require_same_plan(const Values& values, const operation::Plan& plan) {
    if (!values.given("plan-hash") || plan.hash().starts_with(values.text("plan-hash"))) return;
    throw RefusedError(
        fmt::format("the plan is not the one of hash {}; its hash is {}", values.text("plan-hash"),
                    plan.hash()),
        "Something changed since, or other databases were selected. Nothing was changed; look at the plan "
        "again with --dry-run.");
}

UpgradeRun::Agreed agreed(const Values& values) {
    using enum UpgradeRun::Agreed;
    if (values.given("plan-hash")) return steps_shown;
    return values.boolean("yes") ? whatever_it_is : losses_shown;
}

// A time of day is that of this machine's zone, which in a container is seldom the operator's.
void tell_end(const std::optional<std::chrono::system_clock::time_point>& until,
              operation::Reporter& reporter) {
    if (!until) return;
    reporter.log(operation::Level::info, fmt::format("It stops at the first safe point after {}",
                                                     format_until(*until, std::chrono::system_clock::now())));
}

// Whether what was not selected may still be due.
bool is_partial(const Values& values) {
    return values.given("only") || values.given("skip");
}

std::string text_of(const std::vector<UpgradeDone>& done, bool partial) {
    if (done.empty()) {
        return fmt::format("nothing to do: nothing is due in {}",
                           partial ? "what was selected" : "any database");
    }
    std::string text;
    for (const auto& one : done) text += fmt::format("{}: {}\n", one.part.name(), one.text);
    return text + "nothing is due any more" + (partial ? " in what was selected" : "");
}

nlohmann::json data_of(const UpgradePlan& plan, const std::vector<UpgradeDone>& done) {
    auto databases = nlohmann::json::array();
    for (const auto& one : done) {
        databases.push_back(
            {{"database", one.part.group}, {"tenant", one.part.tenant_id}, {"result", one.data}});
    }
    auto left_out = nlohmann::json::array();
    for (const auto& one : plan.left_out) left_out.push_back({{"database", one.group}, {"why", one.why}});
    return {{"outcome", done.empty() ? "nothing to do" : "done"},
            {"plan_hash", plan.shown.hash()},
            {"steps", plan.shown.steps.size()},
            {"databases", std::move(databases)},
            {"left_out", std::move(left_out)}};
}

ExitCode upgrade(cli::Context& context) {
    const auto& values = context.values;
    require_hash(values);
    const auto selection = select(values);
    const UpgradeRun run{.until = given_until(values),
                         .backup = values.text("backup"),
                         .wait = values.display("wait", false),
                         .agreed = agreed(values)};
    const auto plan = plan_upgrade(context, selection);
    const operation::RunOptions options{.dry_run = values.boolean("dry-run"), .yes = values.boolean("yes")};
    if (!plan.parts.empty()) tell_end(run.until, context.reporter);
    context.reporter.plan(plan.shown, options.dry_run);
    require_same_plan(values, plan.shown);
    operation::require_agreement(plan.shown, options, context.prompt);
    if (options.dry_run) return ExitCode::done;
    const auto done = plan.parts.empty() ? std::vector<UpgradeDone>{} : run_upgrade(context, plan, run);
    context.reporter.result(text_of(done, is_partial(values)), data_of(plan, done));
    return ExitCode::done;
}

ExitCode explain(cli::Context& context) {
    const auto& values = context.values;
    for (const auto* other : {"only", "skip", "until", "plan-hash", "backup"}) {
        if (values.given(other)) {
            throw UsageError(
                fmt::format("--from and --{} exclude each other", other),
                "With --from the command explains what lies between two releases, and runs nothing.");
        }
    }
    if (!values.given("from"))
        throw UsageError("--to needs --from", "Say from which release the upgrade starts.");
    const auto explained = explain_releases(values.text("from"), values.text("to"));
    context.reporter.result(explained.text, explained.data);
    return ExitCode::done;
}

std::optional<cli::DiskUse> archive_to_write(const Values& values) {
    const auto& place = values.text("backup");
    if (place.empty() || place.starts_with("s3://") || values.boolean("dry-run")) return std::nullopt;
    return cli::DiskUse{.what = "the archive", .place = place};
}

std::vector<settings::Option> options() {
    auto options = selection_options();
    options.insert(
        options.end(),
        {{.name = "until",
          .description = "stop at the next safe point when it is this time",
          .value_name = "TIME"},
         {.name = "plan-hash",
          .description = "refuse another plan than that of this hash",
          .value_name = "HASH"},
         {.name = "backup", .description = "back up to this place first", .value_name = "DIR"},
         {.name = "from",
          .description = "explain what lies between this release and that of --to; runs nothing",
          .value_name = "RELEASE"},
         {.name = "to", .description = "the newest that is known when left out", .value_name = "RELEASE"}});
    return options;
}

std::vector<std::string> used_settings() {
    auto more = naming_settings();
    std::erase(more, "redis.address");  // among the others of Redis
    more.insert(more.end(), {"js.session-key-limit", "noc.store.raw-data-retention"});
    return key_space::with_redis_settings(std::move(more));
}

}  // namespace

cli::Command upgrade_command() {
    return {
        .name = "upgrade",
        .summary = "Bring every database of the stack up to date",
        .description =
            "Plans the migrations that are due over all databases that the settings name, in the order "
            "of the stack's guide "
            "for updates, and shows them as one plan. Then it runs them by the commands of each database "
            "(is-db migrate, "
            "ns-db migrate, ...), with their run locks and journals. It asks once, for all of them, "
            "where something is "
            "removed for good. It stops at the first failure; the same command continues.\n\n"
            "Keys in Redis of other tenants than the default one are migrated, too, where their versions "
            "are not recorded.\n\n"
            "With --until it stops at the next safe point when the time comes: a time of day of the "
            "local clock (04:00), or "
            "a full one (2026-01-31T04:00:00Z). The hash of a plan, which --dry-run shows, names that "
            "very plan: with "
            "--plan-hash another one is refused.\n\n"
            "On a deployment on ECS (--ecs) one task plans, and each database is upgraded by a task of its "
            "own; a task that an "
            "earlier run left behind is waited for first.\n\n"
            "With --from and --to it explains what each release in between asks of the databases, what "
            "of it this program "
            "does or makes needless, and what is left to do by hand. That reads no database.",
        .options = options(),
        .settings = used_settings(),
        .examples = {{"upgrade --dry-run", "see all that is due, and the hash of the plan"},
                     {"upgrade --until 04:00", "upgrade, within a maintenance window"},
                     {"upgrade --skip noc-db", "all databases but one"},
                     {"--ecs ttich-prod-eu1 upgrade", "a deployment on ECS, task by task"},
                     {"upgrade --from 3.24 --to 3.32", "explain what lies between two releases"}},
        .effect = cli::Effect::writes,
        .disk_use = archive_to_write,
        .run =
            [](cli::Context& context) {
                const bool explains = context.values.given("from") || context.values.given("to");
                return explains ? explain(context) : upgrade(context);
            },
        .run_elsewhere = upgrade_by_tasks};
}

}  // namespace tti::stack
