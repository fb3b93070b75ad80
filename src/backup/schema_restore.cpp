#include "backup/schema_restore.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "backup/dump.hpp"
#include "backup/kept_rows.hpp"
#include "backup/schema_content.hpp"
#include "database/search_path.hpp"
#include "operation/failure_point.hpp"
#include "postgres/capabilities.hpp"
#include "util/error.hpp"

namespace tti::backup {
namespace {

int server_version(postgres::Connection& connection) {
    return static_cast<int>(
        connection.execute("SELECT current_setting('server_version_num')::int").integer(0, 0));
}

}  // namespace

bool SchemaRestore::wants(const SchemaEntry& entry) const {
    const auto& wanted = job_.wanted();
    return !wanted.without.contains(entry.component) &&
           (wanted.tenant_id.empty() || entry.tenant_id == wanted.tenant_id);
}

const Component& SchemaRestore::target_of(const SchemaEntry& entry) const {
    const auto target = std::ranges::find(job_.components(), entry.component, &Component::name);
    if (target != job_.components().end()) return *target;
    throw UsageError(fmt::format("the archive holds \"{}\", which this build does not know", entry.component),
                     "Use the release of tti-lw-stack that wrote it.");
}

void SchemaRestore::plan(operation::Plan& plan) {
    for (const auto& database : job_.manifest().databases) {
        for (const auto& entry : database.schemas) {
            if (!wants(entry)) continue;
            const auto& target = target_of(entry);
            job_.concern(target);
            plan_schema(plan, {.database = &database, .entry = &entry, .target = &target});
        }
    }
}

void SchemaRestore::plan_schema(operation::Plan& plan, Item item) {
    if (auto reason = reason_against(item); !reason.empty()) {
        plan.refusals.push_back(std::move(reason));
        return;
    }
    if (!is_due(plan, item) || !has_extensions(plan, item)) return;
    for (const auto& file : item.entry->files()) job_.need(file);
    choose_way(plan, item);
    plan.steps.push_back(step_of(item));
}

std::string SchemaRestore::tenant_reason_against(const SchemaEntry& entry) {
    for (const auto& record : job_.session().tenants().tenants()) {
        const auto& tenant = record.tenant;
        if (tenant.id == entry.tenant_id && tenant.schema != entry.schema) {
            return fmt::format("tenant {} has schema {} there, and {} in the archive", tenant.id,
                               tenant.schema, entry.schema);
        }
        if (tenant.id != entry.tenant_id && tenant.schema == entry.schema) {
            return fmt::format(
                "schema {} is that of tenant {} there, and of {} in the archive (compare "
                "tenancy.default-id)",
                entry.schema, tenant.id, entry.tenant_id);
        }
    }
    return {};
}

std::string SchemaRestore::reason_against(const Item& item) {
    const auto& entry = *item.entry;
    const auto& target = *item.target;
    const auto there = server_version(job_.reading(target));
    // Rows alone go into an older one, too.
    if (!entry.kept && there / version_factor < item.database->server_version / version_factor) {
        return fmt::format("{} is PostgreSQL {}, older than the {} that the backup is from",
                           target.uri.display(), there / version_factor,
                           item.database->server_version / version_factor);
    }
    if (!entry.tenant_id.empty()) return tenant_reason_against(entry);
    if (target.schema == entry.schema) return {};
    return fmt::format("{} names schema {}, and the archive holds {}", target.setting, target.schema,
                       entry.schema);
}

bool SchemaRestore::is_due(operation::Plan& plan, Item& item) {
    const auto& schema = item.entry->schema;
    auto& connection = job_.reading(*item.target);
    if (marks_.was_filling(connection, item.target->area, schema)) {
        item.clears = true;
        item.why = "an earlier run of this restore was ended in it";
        return true;
    }
    if (is_empty(connection, schema)) {
        item.why = "it is empty";
        return true;
    }
    const auto different = differences_of(item, connection);
    if (different.empty()) {
        job_.note_there_already();
        plan.notes.push_back(fmt::format("Schema {} is there as the archive has it.", schema));
        return false;
    }
    if (!job_.wanted().replace) {
        RestoreJob::refuse_without_replace(
            plan, fmt::format("schema {} of {} is not empty: {}", schema, item.target->uri.display(),
                              fmt::join(different, "; ")));
        return false;
    }
    item.clears = true;
    item.destroys = true;
    item.why = different.front();
    job_.will_be_lost(fmt::format("schema {} ({} tables)", schema, extent(connection, schema).tables));
    return true;
}

bool SchemaRestore::has_extensions(operation::Plan& plan, const Item& item) {
    const auto missing = extensions_out_of_reach(job_.reading(*item.target), item.database->extensions);
    if (missing.empty()) return true;
    plan.refusals.push_back(fmt::format("extension {} is not in {}, and cannot be created there by this role",
                                        fmt::join(missing, ", "), item.target->uri.display()));
    plan.refusal_hint =
        "Install its package on the server, and let a superuser run CREATE EXTENSION in that database.";
    return false;
}

void SchemaRestore::choose_way(operation::Plan& plan, Item& item) {
    if (!item.entry->kept) {
        item.program = program_for(item);
        return;
    }
    auto& connection = job_.reading(*item.target);
    item.way =
        timeseries::preferred_way(connection, postgres::ask_capabilities(connection, job_.context().stop));
    if (item.way == timeseries::Way::timescaledb) return;
    plan.notes.push_back(fmt::format(
        "{} has no TimescaleDB, so schema {}, which it kept, comes back in partitions. To have it as it "
        "was, give CREATE EXTENSION timescaledb there first.",
        item.target->uri.display(), item.entry->schema));
}

PostgresProgram SchemaRestore::program_for(const Item& item) {
    const auto& context = job_.context();
    if (installed_.empty()) {
        installed_ = installed_programs("pg_restore", context.surroundings,
                                        context.values.text("postgres-programs"), context.stop);
    }
    int major = 0;
    const auto& dumped_by = item.database->program;
    std::from_chars(dumped_by.data(), dumped_by.data() + dumped_by.size(), major);
    const auto server = server_version(job_.reading(*item.target)) / version_factor;
    return fitting_program("pg_restore", {.server = server, .oldest = major}, installed_);
}

operation::Step SchemaRestore::step_of(const Item& item) {
    std::int64_t rows = 0;
    for (const auto& table : item.entry->content.tables) rows += table.rows;
    return {.name = item.entry->schema,
            .what = fmt::format("{} schema {} of {}", item.clears ? "replace" : "restore", item.entry->schema,
                                item.target->uri.display()),
            .why = item.why,
            .touches = {{"rows", rows}},
            .lock = operation::Lock::table,
            .destroys = item.destroys,
            .run = [this, item](operation::StepContext& context) { restore(item, context); }};
}

void SchemaRestore::restore(const Item& item, operation::StepContext& context) {
    if (item.entry->kept) {
        restore_kept(item, context);
    } else {
        restore_dump(item, context);
    }
    ++restored_;
    for (const auto& table : item.entry->content.tables) context.count("rows", table.rows);
}

void SchemaRestore::restore_dump(const Item& item, operation::StepContext& context) {
    const auto& entry = *item.entry;
    const auto& target = *item.target;
    auto connection = job_.open_writing(target);
    database::create_schema(connection, entry.schema);
    for (const auto& name : create_extensions(connection, item.database->extensions)) {
        context.log(operation::Level::info, fmt::format("Created extension {}", name));
    }
    if (item.clears) {
        clear_schema(connection, entry.schema);
        operation::failure_point("after clear schema");
    }
    job_.archive().read(entry.file, [&](Source& source) {
        restore_schema(item.program, {target.uri, job_.context().surroundings, job_.context().stop},
                       entry.schema, source);
    });
    operation::failure_point("after restore schema");
    require_same(item);
}

// In many transactions, so that a run that is ended in between clears it first.
void SchemaRestore::restore_kept(const Item& item, operation::StepContext& context) {
    const auto& entry = *item.entry;
    const auto& target = *item.target;
    auto connection = job_.open_writing(target);
    marks_.fill(connection, target.area, entry.schema);
    if (item.clears) clear_schema(connection, entry.schema);
    const auto maker = maker_of(job_.context(), entry.component, {target.setting, target.uri, entry.schema});
    load_kept(*maker, job_.archive(), entry, item.way, context);
    operation::failure_point("after load schema");
    require_same(item);
    maker->finish(entry.kept->schema);
    operation::failure_point("after finish schema");
    marks_.fill(connection, target.area, "");
}

std::vector<std::string> SchemaRestore::differences_of(const Item& item, postgres::Connection& connection) {
    const auto& entry = *item.entry;
    if (entry.kept)
        return differences(entry.content, read_kept_content(connection, entry.kept->schema), false);
    const bool same_major =
        server_version(connection) / version_factor == item.database->server_version / version_factor;
    return differences(entry.content, read_content(connection, entry.schema), same_major);
}

// On a connection of its own, whose transaction sees what was written.
void SchemaRestore::require_same(const Item& item) {
    job_.close_readers();
    const auto different = differences_of(item, job_.reading(*item.target));
    job_.close_readers();
    if (different.empty()) return;
    throw Error(ExitCode::unexpected,
                fmt::format("schema {} of {} is not what the archive holds: {}", item.entry->schema,
                            item.target->uri.display(), fmt::join(different, "; ")),
                "Stop whatever writes there, then give the same command with --replace.");
}

}  // namespace tti::backup
