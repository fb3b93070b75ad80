#include "identity_server/migrate.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "identity_server/apply.hpp"
#include "identity_server/drift.hpp"
#include "postgres/blockers.hpp"

namespace tti::identity_server {
namespace {

using operation::Plan;
using operation::Step;

// Planning only reads, and yet it waits while somebody holds a table wholly.
constexpr std::chrono::seconds patience_while_planning{1};

std::string counted(const std::vector<Finding>& findings) {
    std::string text;
    for (const auto& finding : findings) {
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", finding.count, finding.check->what);
        if (!finding.sample.empty()) text += fmt::format(" (such as {})", finding.sample);
    }
    return text;
}

operation::Amounts amounts(const std::vector<Finding>& findings) {
    operation::Amounts result;
    for (const auto& finding : findings) add(result, std::string(finding.check->what), finding.count);
    return result;
}

// By its digits; empty where none is given.
std::string known_target(const settings::Values& values) {
    const auto& name = values.text("target");
    if (name.empty()) return {};
    if (const auto* migration = find_migration(name)) return std::string(migration->name);
    throw UsageError(fmt::format("option --target = \"{}\": there is no such migration", name),
                     "tti-lw-stack is-db status lists them.");
}

// The command that undoes this migration and nothing before it; empty where nothing brings back what it
// removes.
std::string undo_command(const Migration& migration, const std::vector<Finding>& losses) {
    if (!migration.reversible || !losses.empty()) return {};
    if (&migration == &migrations().front()) return "is-db migrate --rollback";
    const auto* before = &migration - 1;
    return fmt::format("is-db migrate --rollback --target {}", before->name);
}

Step up_step(const Tenant& tenant, const Migration& migration, Layout layout,
             const std::vector<Finding>& losses) {
    return {.name = migration.full_name(),
            .what = std::string(migration.what),
            .why = "not applied yet",
            .touches = amounts(losses),
            .lock = layout == Layout::empty ? operation::Lock::none
                                            : migration.lock,  // nobody uses new tables yet
            .destroys = !losses.empty(),
            .undo = undo_command(migration, losses),
            .group = tenant.id};
}

std::vector<const Migration*> last_group(const SchemaState& state) {
    std::int64_t group = -1;
    for (const auto& applied : state.bookkeeping.applied) {
        if (find_migration(applied.name) != nullptr) group = std::max(group, applied.group);
    }
    std::vector<const Migration*> members;
    for (const auto& applied : state.bookkeeping.applied) {
        const auto* migration = find_migration(applied.name);
        if (migration != nullptr && applied.group == group) members.push_back(migration);
    }
    return members;
}

std::vector<const Migration*> above_target(const Tenant& tenant, const SchemaState& state,
                                           const Migration& target) {
    if (!state.bookkeeping.has(target.name)) {
        throw UsageError(
            fmt::format("option --target = \"{}\": not applied to tenant {}", target.name, tenant.id),
            "With --rollback the target is the migration to go back to; tti-lw-stack is-db status lists "
            "them.");
    }
    auto result = state.applied();
    std::erase_if(result, [&target](const Migration* migration) { return migration->name <= target.name; });
    return result;
}

}  // namespace

void MigrateOperation::refuse(const Tenant& tenant, const std::string& reason, Plan& plan) const {
    if (options_.tenants.size() == 1) {
        plan.refusals.push_back(reason);
        return;
    }
    // One tenant's trouble does not keep the others from being migrated: it becomes a step that fails.
    std::erase_if(plan.steps, [&tenant](const Step& step) { return step.group == tenant.id; });
    plan.steps.push_back({.name = "refused",
                          .what = reason,
                          .why = "nothing of this tenant is changed",
                          .group = tenant.id,
                          .run = [reason](operation::StepContext&) { throw RefusedError(reason); }});
}

// Up to the target.
std::vector<const Migration*> MigrateOperation::due(const SchemaState& state) const {
    auto result = state.due();
    std::erase_if(result, [this](const Migration* migration) {
        return !options_.target.empty() && migration->name > options_.target;
    });
    return result;
}

// What the rows of all tenants say about what is due.
RowFindings MigrateOperation::ask_rows(const States& states) {
    std::vector<RowFindings::Question> questions;
    for (const auto& tenant : options_.tenants) {
        const auto& state = states.at(tenant.schema);
        // Of tables that this build does not know, nothing can be asked.
        if (options_.rollback || !state.unknown().empty() || state.layout() == Layout::before_3_19) continue;
        RowFindings::Question question{tenant, {}};
        for (const auto* migration : due(state)) {
            const auto more = pointers({migration->up_fails_on, migration->up_loses});
            question.checks.insert(question.checks.end(), more.begin(), more.end());
        }
        questions.push_back(std::move(question));
    }
    return {session_, questions};
}

void MigrateOperation::plan_up(const Tenant& tenant, const SchemaState& state, const RowFindings& rows,
                               Plan& plan) {
    const auto layout = state.layout();
    const auto group = state.bookkeeping.last_group() + 1;
    for (const auto* migration : due(state)) {
        if (const auto failing = rows.of(tenant, migration->up_fails_on); !failing.empty()) {
            plan.refusal_hint = "Mend those rows, then give the same command again; nothing was changed.";
            return refuse(tenant,
                          fmt::format("tenant {}: {} would fail on {}", tenant.id, migration->full_name(),
                                      counted(failing)),
                          plan);
        }
        auto step = up_step(tenant, *migration, layout, rows.of(tenant, migration->up_loses));
        step.run = [this, tenant, migration, layout, group](operation::StepContext& context) {
            apply(session_, tenant, *migration, Direction::up, layout, group, context);
            ++up_;
        };
        plan.steps.push_back(std::move(step));
    }
}

void MigrateOperation::plan_down(const Tenant& tenant, const SchemaState& state, Plan& plan) {
    auto members = options_.target.empty() ? last_group(state)
                                           : above_target(tenant, state, *find_migration(options_.target));
    std::ranges::sort(members, std::ranges::greater(), &Migration::name);
    RowFindings::Question question{tenant, {}};
    for (const auto* migration : members) {
        const auto more = pointers({migration->down_fails_on, migration->down_loses});
        question.checks.insert(question.checks.end(), more.begin(), more.end());
    }
    const RowFindings rows(session_, std::span(&question, 1));
    std::string lost;
    for (const auto* migration : members) {
        if (const auto failing = rows.of(tenant, migration->down_fails_on); !failing.empty()) {
            plan.refusal_hint = "Mend those rows, or name a later --target; nothing was changed.";
            return refuse(tenant,
                          fmt::format("tenant {}: undoing {} would fail on {}", tenant.id,
                                      migration->full_name(), counted(failing)),
                          plan);
        }
        const auto losses = rows.of(tenant, migration->down_loses);
        if (!losses.empty()) lost += fmt::format("{}{}", lost.empty() ? "" : ", ", counted(losses));
        if (!migration->reversible) {
            lost += fmt::format("{}what {} deleted (it does not come back)", lost.empty() ? "" : ", ",
                                migration->full_name());
        }
        Step step{.name = migration->full_name(),
                  .what = fmt::format("undo: {}", migration->what),
                  .why = options_.target.empty() ? "in the last group" : "after the target",
                  .touches = amounts(losses),
                  .lock = migration->lock,
                  .destroys = !losses.empty() || !migration->reversible,
                  .undo = losses.empty() && migration->reversible ? "is-db migrate" : "",
                  .group = tenant.id};
        step.run = [this, tenant, migration, layout = state.layout()](operation::StepContext& context) {
            apply(session_, tenant, *migration, Direction::down, layout, 0, context);
            ++down_;
        };
        plan.steps.push_back(std::move(step));
    }
    if (lost.empty() || options_.yes_destroy) return;
    plan.refusal_hint =
        "Name how far to go back with --target (the migration that stays), or add --yes-destroy.";
    refuse(tenant, fmt::format("tenant {} would lose {}", tenant.id, lost), plan);
}

void MigrateOperation::plan_tenant(const Tenant& tenant, const SchemaState& state, const RowFindings& rows,
                                   Plan& plan) {
    const auto before = plan.steps.size();
    require_known(tenant, state);
    if (!state.schema_exists) {
        throw RefusedError(
            fmt::format("schema {} of tenant {} is not there", tenant.schema, tenant.id),
            fmt::format("Bring it back with tti-lw-stack restore DIR --tenant-id {0}, or take the "
                        "tenant away with tti-lw-stack is-db delete-tenant --id={0}.",
                        tenant.id));
    }
    if (options_.rollback) {
        plan_down(tenant, state, plan);
    } else {
        plan_up(tenant, state, rows, plan);
    }
    if (plan.steps.size() > before) touched_.push_back(tenant);
}

Plan MigrateOperation::plan() {
    Plan plan{.title = options_.rollback ? "roll back the Identity Server database"
                                         : "migrate the Identity Server database"};
    touched_.clear();
    const postgres::BlockerWatch watch(
        session_.connection(), session_.context().stop, patience_while_planning,
        [this](std::string_view blockers) {
            session_.context().reporter.log(
                operation::Level::warn,
                fmt::format("Waiting to look at the rows; a table is held by {}", blockers));
        });
    const auto states = read_states(session_.connection(), options_.tenants);
    const auto rows = ask_rows(states);
    for (const auto& tenant : options_.tenants) {
        try {
            plan_tenant(tenant, states.at(tenant.schema), rows, plan);
        } catch (const postgres::ServerError&) {
            throw;
        } catch (const UnreachableError&) {
            throw;
        } catch (const InterruptedError&) {
            throw;
        } catch (const Error& error) {
            if (options_.tenants.size() == 1) throw;
            refuse(tenant, error.what(), plan);
        }
    }
    const bool loses = std::ranges::any_of(plan.steps, &Step::destroys);
    if (loses && !options_.rollback) {
        plan.notes.emplace_back(
            "Rows are removed for good, as the stack's own migrations do; a backup keeps them.");
    }
    return plan;
}

void MigrateOperation::verify() {
    const auto differences = find_drift(session_.connection(), touched_);
    for (const auto& difference : differences) {
        session_.context().reporter.log(operation::Level::warn, describe(difference));
    }
    const auto wrong = std::ranges::count_if(differences, &Difference::is_drift);
    if (wrong == 0) return;
    throw DueError(
        fmt::format("the migrations are applied, but the schema differs from what it should be in {} place{}",
                    wrong, wrong == 1 ? "" : "s"),
        "tti-lw-stack is-db verify lists them.");
}

std::string MigrateOperation::result_text() {
    if (up_ + down_ == 0) return "nothing to do: everything is as asked";
    return fmt::format("{} {} migration{} in {} tenant{}", down_ > 0 ? "undid" : "applied", up_ + down_,
                       up_ + down_ == 1 ? "" : "s", touched_.size(), touched_.size() == 1 ? "" : "s");
}

nlohmann::json MigrateOperation::result_data() {
    return {{"applied", up_}, {"undone", down_}, {"tenants", touched_.size()}};
}

cli::Command migrate_command() {
    return {
        .name = "migrate",
        .summary = "Migrate the Identity Server database",
        .description =
            "Brings the tables of every tenant to what this release of the stack needs. It works on an empty "
            "database, on "
            "one of release 3.19 and on every state since. Each migration is one transaction together with "
            "its mark, so "
            "that a killed run is continued by the next. Locks are asked for with a short time-out, again "
            "and again, and "
            "indexes on filled tables are built beside the old ones: a running stack does not stop.\n\n"
            "With --rollback the last group of migrations is undone, or everything after --target. What "
            "would be lost "
            "is counted first; it is refused unless --yes-destroy is given.",
        .options =
            {{.name = "target",
              .description = "stop at this migration; with --rollback, go back to it",
              .value_name = "NAME"},
             {.name = "rollback", .type = settings::Type::boolean, .description = "undo instead of apply"},
             {.name = "yes-destroy",
              .type = settings::Type::boolean,
              .description = "agree to lose the rows that a rollback names"},
             {.name = "tenant-id", .description = "only this tenant; all when left out", .value_name = "ID"}},
        .settings = {"is.database-uri", "tenancy.default-id"},
        .examples = {{"is-db migrate", "migrate every tenant"},
                     {"is-db migrate --dry-run", "show what is due, and which locks it takes"},
                     {"is-db migrate --rollback --target 20240103000002", "undo the last migration alone"}},
        .effect = cli::Effect::writes,
        .run = [](cli::Context& context) {
            const auto& values = context.values;
            const auto target = known_target(values);
            return run_writing(context, Tables::as_they_are, [&](Session& session) {
                const auto& id = values.text("tenant-id");
                return std::make_unique<MigrateOperation>(
                    session,
                    MigrateOptions{id.empty() ? session.all_tenants() : std::vector{session.tenant(id)},
                                   target, values.boolean("rollback"), values.boolean("yes-destroy")});
            });
        }};
}

namespace {

void require_fresh(Session& session) {
    const auto tenants = session.all_tenants();
    const auto states = read_states(session.connection(), tenants);
    for (const auto& tenant : tenants) {
        const auto& state = states.at(tenant.schema);
        require_known(tenant, state);
        if (state.layout() != Layout::empty) require_up_to_date(tenant, state);
    }
}

}  // namespace

cli::Command init_command() {
    return {
        .name = "init",
        .summary = "Create the tables of the Identity Server in an empty database",
        .description =
            "The same as migrate on an empty database, harmless on one that is up to date, and refused on "
            "one that is behind.",
        .settings = {"is.database-uri", "tenancy.default-id"},
        .examples = {{"is-db init", "create the tables"}},
        .effect = cli::Effect::writes,
        .run = [](cli::Context& context) {
            return run_writing(context, Tables::as_they_are, [](Session& session) {
                require_fresh(session);
                return std::make_unique<MigrateOperation>(session,
                                                          MigrateOptions{.tenants = session.all_tenants()});
            });
        }};
}

}  // namespace tti::identity_server
