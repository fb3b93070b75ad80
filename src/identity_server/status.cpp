#include "identity_server/status.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/table.hpp"
#include "database/backups.hpp"
#include "database/restore_mark.hpp"
#include "database/status.hpp"
#include "identity_server/drift.hpp"
#include "identity_server/schema_state.hpp"
#include "identity_server/session.hpp"

namespace tti::identity_server {
namespace {

using nlohmann::json;

std::string_view describe(Layout layout) {
    switch (layout) {
        case Layout::empty:
            return "empty";
        case Layout::before_3_19:
            return "before release 3.19";
        case Layout::release_3_19:
            return "release 3.19";
        case Layout::migrated:
            return "migrated";
    }
    return "unknown";
}

struct TenantStatus {
    Tenant tenant;
    SchemaState state;
    std::vector<Difference> drift;  // real drift only

    [[nodiscard]] ExitCode exit_code() const {
        if (!state.unknown().empty()) return ExitCode::newer_database;
        if (state.layout() == Layout::before_3_19) return ExitCode::refused;
        return state.due().empty() && drift.empty() ? ExitCode::done : ExitCode::due;
    }
    // What its tables are like, in one word.
    [[nodiscard]] std::string version() const {
        const auto applied = state.applied();
        if (const auto unknown = state.unknown(); !unknown.empty()) return unknown.back().name;
        return applied.empty() ? std::string(describe(state.layout())) : std::string(applied.back()->name);
    }
};

std::vector<TenantStatus> read_status(Session& session, const std::vector<Tenant>& tenants, bool with_drift) {
    const auto states = read_states(session.connection(), tenants);
    std::vector<Tenant> migrated;
    std::vector<TenantStatus> result;
    for (const auto& tenant : tenants) {
        result.push_back({tenant, states.at(tenant.schema), {}});
        if (result.back().state.layout() == Layout::migrated) migrated.push_back(tenant);
    }
    if (!with_drift) return result;
    for (auto& difference : find_drift(session.connection(), migrated)) {
        if (!difference.is_drift()) continue;
        const auto owner = std::ranges::find_if(
            result, [&](const TenantStatus& status) { return status.tenant.id == difference.tenant; });
        owner->drift.push_back(std::move(difference));
    }
    return result;
}

json to_json(const TenantStatus& status) {
    json data{{"tenant_id", status.tenant.id},
              {"schema", status.tenant.schema},
              {"layout", describe(status.state.layout())},
              {"applied", json::array()},
              {"due", json::array()},
              {"irreversible", json::array()},
              {"unknown", json::array()},
              {"drift", json::array()},
              {"locked_by_stack", status.state.bookkeeping.locked}};
    for (const auto* migration : status.state.applied()) {
        data["applied"].push_back(migration->full_name());
        if (!migration->reversible) data["irreversible"].push_back(migration->full_name());
    }
    for (const auto* migration : status.state.due()) data["due"].push_back(migration->full_name());
    for (const auto& applied : status.state.unknown()) data["unknown"].push_back(applied.name);
    for (const auto& difference : status.drift) data["drift"].push_back(describe(difference));
    return data;
}

// One tenant is told migration by migration; of many only what is not in order.
std::string details(const TenantStatus& status) {
    cli::Table table({"migration", "state", "when", "group", "note"});
    for (const auto& migration : migrations()) {
        const auto& applied = status.state.bookkeeping.applied;
        const auto mark = std::ranges::find(applied, migration.name, &postgres::AppliedMigration::name);
        const bool is_applied = mark != applied.end();
        table.add({migration.full_name(), is_applied ? "applied" : "due", is_applied ? mark->migrated_at : "",
                   is_applied ? std::to_string(mark->group) : "",
                   migration.reversible ? "" : "irreversible"});
    }
    for (const auto& unknown : status.state.unknown()) {
        table.add({unknown.name, "applied", unknown.migrated_at, std::to_string(unknown.group),
                   "unknown to this build"});
    }
    return table.text();
}

std::string what_is_wrong(const TenantStatus& status) {
    std::string text;
    for (const auto& difference : status.drift) text += fmt::format("drift: {}\n", describe(difference));
    if (status.state.bookkeeping.locked) {
        text += fmt::format("tenant {}: the stack's own lock row is set in {}.bun_migration_locks\n",
                            status.tenant.id, status.tenant.schema);
    }
    return text;
}

std::string next_command(ExitCode code, const std::vector<TenantStatus>& all) {
    if (code != ExitCode::due) return {};
    const auto due = std::ranges::any_of(all, [](const auto& status) { return !status.state.due().empty(); });
    return due ? "is-db migrate" : "is-db verify";
}

std::string next_text(ExitCode code, const std::string& next) {
    switch (code) {
        case ExitCode::due:
            return fmt::format("next: tti-lw-stack {}\n", next);
        case ExitCode::newer_database:
            return "next: use a newer tti-lw-stack\n";
        case ExitCode::refused:
            return "next: start release 3.19 of the stack on it once and run its is-db migrate\n";
        default:
            return "nothing is due\n";
    }
}

std::string to_text(const operation::Condition& condition, const std::vector<TenantStatus>& all,
                    ExitCode code) {
    auto text = database::server_text(condition) + "\n";
    cli::Table table({"tenant", "schema", "layout", "applied", "due", "unknown", "drift"});
    for (const auto& status : all) {
        table.add({status.tenant.id, status.tenant.schema, std::string(describe(status.state.layout())),
                   std::to_string(status.state.applied().size()), std::to_string(status.state.due().size()),
                   std::to_string(status.state.unknown().size()), std::to_string(status.drift.size())});
    }
    text += table.text();
    if (all.size() == 1) text += "\n" + details(all.front());
    for (const auto& status : all) text += what_is_wrong(status);
    for (const auto& trouble : condition.troubles) text += trouble + "\n";
    return text + "\n" + next_text(code, condition.next);
}

// The most urgent of all tenants' exit codes.
ExitCode worst(const std::vector<TenantStatus>& all) {
    for (const auto code : {ExitCode::newer_database, ExitCode::refused, ExitCode::due}) {
        if (std::ranges::any_of(all, [code](const auto& status) { return status.exit_code() == code; }))
            return code;
    }
    return ExitCode::done;
}

std::vector<Tenant> chosen(Session& session) {
    const auto& id = session.context().values.text("tenant-id");
    return id.empty() ? session.all_tenants() : std::vector{session.tenant(id)};
}

// Of all tenants, the version of the one that is behind most, or newer than this build.
std::string version(const std::vector<TenantStatus>& all) {
    const auto other = std::ranges::max_element(all, {}, [](const TenantStatus& status) {
        return std::pair(status.state.unknown().size(), status.state.due().size());
    });
    return other == all.end() ? "" : other->version();
}

operation::Condition condition(Session& session, const std::vector<TenantStatus>& all, ExitCode code) {
    operation::Condition result{.server = session.capabilities().version_text,
                                .database = session.uri().display(),
                                .version = version(all),
                                .newest_version = migrations().back().name,
                                .next = next_command(code, all),
                                .backups = database::backups(session.connection())};
    for (const auto& status : all) {
        for (const auto& difference : status.drift) result.differences.push_back(describe(difference));
    }
    return result;
}

ExitCode status(Session& session) {
    const bool with_drift = !session.context().values.boolean("quick");
    const auto all = read_status(session, chosen(session), with_drift);
    auto code = worst(all);
    auto head = condition(session, all, code);
    database::tell_restores(session.connection(), operation::Area::identity_server, head);
    if (code == ExitCode::done && !head.troubles.empty()) code = ExitCode::due;
    json data{{"outcome", name_of(code)}, {"looked_through", with_drift}, {"tenants", json::array()}};
    for (const auto& one : all) data["tenants"].push_back(to_json(one));
    add(data, head);
    session.context().reporter.result(to_text(head, all, code), data);
    return code;
}

ExitCode verify(Session& session) {
    const auto tenants = chosen(session);
    const auto differences = find_drift(session.connection(), tenants);
    const auto drifted = std::ranges::any_of(differences, &Difference::is_drift);
    json data{
        {"outcome", drifted ? "drift" : "done"}, {"tenants", tenants.size()}, {"differences", json::array()}};
    std::string text;
    for (const auto& difference : differences) {
        text += describe(difference) + "\n";
        data["differences"].push_back({{"tenant_id", difference.tenant},
                                       {"kind", difference.object.kind},
                                       {"table", difference.object.table},
                                       {"name", difference.object.name},
                                       {"drift", difference.is_drift()},
                                       {"description", describe(difference)}});
    }
    if (!drifted) {
        text += fmt::format("the schema of {} tenant{} is as it should be\n", tenants.size(),
                            tenants.size() == 1 ? "" : "s");
    }
    session.context().reporter.result(text, data);
    return drifted ? ExitCode::due : ExitCode::done;
}

settings::Option tenant_option() {
    return {.name = "tenant-id", .description = "only this tenant; all when left out", .value_name = "ID"};
}

}  // namespace

cli::Command status_command() {
    return {.name = "status",
            .summary = "Tell which migrations are applied and due, and whether the schema has drifted",
            .description = "Reads only. The exit code tells whether something is due.",
            .options = {tenant_option(),
                        {.name = "quick",
                         .type = settings::Type::boolean,
                         .description = "go by the recorded migrations alone, without a look for drift"}},
            .settings = {"is.database-uri", "tenancy.default-id"},
            .examples = {{"is-db status", "look at every tenant"},
                         {"is-db status --output json", "the same for a program"}},
            .run = [](cli::Context& context) { return run_reading(context, status); }};
}

cli::Command verify_command() {
    return {.name = "verify",
            .summary = "Compare the live schema with what it should be, object by object",
            .description =
                "Every table, column, index and view that the applied migrations should have left is looked "
                "up in "
                "the catalogue. Additional indexes and columns are told and are no drift.",
            .options = {tenant_option()},
            .settings = {"is.database-uri", "tenancy.default-id"},
            .examples = {{"is-db verify", "verify every tenant"}},
            .run = [](cli::Context& context) { return run_reading(context, verify); }};
}

}  // namespace tti::identity_server
