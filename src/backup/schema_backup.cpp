#include "backup/schema_backup.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "backup/dump.hpp"
#include "backup/kept_rows.hpp"
#include "backup/schema_content.hpp"
#include "database/restore_mark.hpp"
#include "operation/failure_point.hpp"

namespace tti::backup {
namespace {

// "is.tenant_acme.dump"; a number stands for a name that a file cannot have everywhere.
std::string file_for(const std::string& component, const std::string& schema, std::size_t number,
                     std::string_view ending) {
    const bool plain = std::ranges::all_of(schema, [](unsigned char character) {
        return std::isalnum(character) != 0 || character == '_' || character == '-';
    });
    return fmt::format("{}.{}{}", component, plain ? schema : fmt::format("schema.{}", number), ending);
}

// Tells how much went through, while a program writes.
class ReportingSink final : public Sink {
  public:
    ReportingSink(Sink& to, operation::StepContext& context) : to_(to), context_(context) {}
    void write(std::string_view bytes) override {
        to_.write(bytes);
        written_ += static_cast<std::int64_t>(bytes.size());
        context_.progress("bytes", written_, 0);
        operation::failure_point("inside dump");
    }
    void finish() override { to_.finish(); }

  private:
    Sink& to_;
    operation::StepContext& context_;
    std::int64_t written_ = 0;
};

}  // namespace

const Snapshot& SchemaBackup::snapshot_of(const Component& component) {
    const auto known = std::ranges::find_if(snapshots_, [&](const auto& snapshot) {
        return snapshot->connection().uri().display() == component.uri.display();
    });
    if (known != snapshots_.end()) return **known;
    std::vector<std::string> schemas;
    for (const auto& one : job_.components()) {
        if (job_.wants(one.name) && one.uri.display() == component.uri.display())
            schemas.push_back(one.schema);
    }
    if (component.name == "is") {
        snapshots_.push_back(std::make_unique<Snapshot>(job_.session().connection(), schemas));
    } else {
        connections_.push_back(std::make_unique<postgres::Connection>(
            component.uri,
            postgres::ConnectOptions{
                .context = component.name, .mode = postgres::Mode::read_only, .setting = component.setting},
            job_.context().stop));
        snapshots_.push_back(std::make_unique<Snapshot>(*connections_.back(), schemas));
    }
    job_.manifest().databases.push_back(snapshots_.back()->database());
    return *snapshots_.back();
}

PostgresProgram SchemaBackup::program_for(const Snapshot& snapshot) {
    const auto& context = job_.context();
    const auto major = snapshot.database().server_version / version_factor;
    if (installed_.empty()) {
        installed_ = installed_programs("pg_dump", context.surroundings,
                                        context.values.text("postgres-programs"), context.stop);
    }
    return fitting_program("pg_dump", {.server = major, .oldest = major}, installed_);
}

void SchemaBackup::plan_identity_server(operation::Plan& plan) {
    auto& session = job_.session();
    const auto& wanted = job_.manifest().tenant_id;
    std::vector<identity_server::Tenant> chosen = session.all_tenants();
    if (!wanted.empty()) {
        chosen = {session.tenant(wanted)};
        plan.notes.emplace_back(
            "Stored messages and the Network Operations Center are shared by all tenants, and not part of "
            "this.");
    }
    const auto& snapshot = snapshot_of(identity_server_of(job_.components()));
    look_for_restores(plan, snapshot.connection());
    for (const auto& tenant : chosen) {
        plan_schema(
            plan,
            {.snapshot = &snapshot, .component = "is", .schema = tenant.schema, .tenant_id = tenant.id});
    }
}

void SchemaBackup::plan_timeseries(operation::Plan& plan, const Component& component) {
    const auto known = snapshots_.size();
    const auto& snapshot = snapshot_of(component);
    if (snapshots_.size() > known) look_for_restores(plan, snapshot.connection());
    if (is_empty(snapshot.connection(), component.schema)) {
        job_.leave_out(component.name);
        if (component.named) {
            plan.notes.push_back(
                fmt::format("Schema {} of {} is empty, so there is nothing of {} to back up.",
                            component.schema, component.uri.display(), operation::words(component.area)));
        }
        return;
    }
    plan_schema(plan, {.snapshot = &snapshot, .component = component.name, .schema = component.schema});
}

// Of everything, or of the tenant that is backed up.
void SchemaBackup::look_for_restores(operation::Plan& plan, postgres::Connection& connection) const {
    const auto& tenant = job_.manifest().tenant_id;
    for (const auto& mark : database::restore_marks(connection)) {
        const bool concerns = tenant.empty() || mark.tenant_id.empty() || mark.tenant_id == tenant;
        if (!concerns) continue;
        plan.refusals.push_back(fmt::format("what {} holds is not whole: {}", operation::words(mark.area),
                                            database::describe(mark)));
        plan.refusal_hint = "Finish it first: tti-lw-stack " + mark.command;
    }
}

void SchemaBackup::plan_schema(operation::Plan& plan, Item item) {
    auto& connection = item.snapshot->connection();
    if (is_empty(connection, item.schema)) {
        if (!item.tenant_id.empty() && item.tenant_id != job_.manifest().default_tenant) {
            return BackupJob::refuse_half_restored(
                plan, fmt::format("schema {} of tenant {} is empty", item.schema, item.tenant_id));
        }
        plan.notes.push_back(fmt::format("Schema {} is empty and left out.", item.schema));
        return;
    }
    if (hypertables(connection, item.schema).empty()) return plan_dump(plan, std::move(item));
    plan_kept(plan, std::move(item));
}

// Rows of hypertables lie in chunks of another schema, which pg_dump does not take with theirs.
void SchemaBackup::plan_kept(operation::Plan& plan, Item item) {
    auto& connection = item.snapshot->connection();
    auto kept = describe_kept(connection, job_.context().stop, item.component, item.schema);
    if (!kept) {
        plan.refusals.push_back(
            fmt::format("schema {} of {} is kept by TimescaleDB, and {} is not of this program's layout",
                        item.schema, item.snapshot->database().address, kept.error()));
        plan.refusal_hint = fmt::format(
            "Finish a migration that was begun (tti-lw-stack {0}-db status tells), move what is not the "
            "stack's to a "
            "schema of its own, or leave the database out with --without {0}, and save it as TimescaleDB's "
            "manual says.",
            item.component);
        return;
    }
    item.kept = *std::move(kept);
    item.file = file_for(item.component, item.schema, plan.steps.size(), "");
    const auto tables = static_cast<std::int64_t>(item.kept->tables.size());
    plan.steps.push_back(
        {.name = item.schema,
         .what = fmt::format(
             "copy the rows of schema {}, which TimescaleDB keeps, and take the sums of its tables",
             item.schema),
         .why = item.component,
         .touches = {{"tables", tables}},
         .run = [this, item](operation::StepContext& context) { copy_kept(item, context); }});
}

void SchemaBackup::plan_dump(operation::Plan& plan, Item item) {
    auto& connection = item.snapshot->connection();
    item.program = program_for(*item.snapshot);
    item.file = file_for(item.component, item.schema, plan.steps.size(), dump_ending);
    const auto size = extent(connection, item.schema);
    plan.steps.push_back(
        {.name = item.schema,
         .what = fmt::format("dump schema {} with pg_dump {}, and take the sums of its tables", item.schema,
                             item.program.version),
         .why = item.tenant_id.empty() ? item.component : fmt::format("tenant {}", item.tenant_id),
         .touches = {{"tables", size.tables}, {"bytes at the server", size.bytes}},
         .run = [this, item](operation::StepContext& context) { dump(item, context); }});
}

void SchemaBackup::dump(const Item& item, operation::StepContext& context) {
    auto& connection = item.snapshot->connection();
    job_.add_file(item.file, [&](Sink& sink) {
        ReportingSink reporting(sink, context);
        dump_schema(item.program, {connection.uri(), job_.context().surroundings, job_.context().stop},
                    item.schema, item.snapshot->id(), reporting);
    });
    SchemaEntry entry{item.component, item.schema, item.tenant_id, item.file, {}};
    std::int64_t tables = 0;
    entry.content = read_content(connection, item.schema, [&] { context.progress("tables", ++tables, 0); });
    auto& database = database_of(item);
    database.program = item.program.version;
    for (auto& name : needed_extensions(connection, item.schema)) {
        if (std::ranges::find(database.extensions, name) == database.extensions.end()) {
            database.extensions.push_back(std::move(name));
        }
    }
    record(item, std::move(entry), context);
}

void SchemaBackup::copy_kept(const Item& item, operation::StepContext& context) {
    auto& connection = item.snapshot->connection();
    SchemaEntry entry{item.component, item.schema, item.tenant_id, {}, {}, KeptEntry{*item.kept, {}, {}}};
    for (const auto& table : item.kept->tables) {
        entry.kept->files.push_back(fmt::format("{}.{}{}", item.file, table.name, rows_ending));
        job_.add_file(entry.kept->files.back(), [&](Sink& sink) {
            ReportingSink reporting(sink, context);
            copy_rows_out(connection, *item.kept, table, reporting);
        });
        context.safe_point();
    }
    entry.kept->sequences = read_sequences(connection, item.schema);
    std::int64_t tables = 0;
    entry.content =
        read_kept_content(connection, *item.kept, [&] { context.progress("tables", ++tables, 0); });
    record(item, std::move(entry), context);
}

DatabaseEntry& SchemaBackup::database_of(const Item& item) {
    return *std::ranges::find(job_.manifest().databases, item.snapshot->database().address,
                              &DatabaseEntry::address);
}

void SchemaBackup::record(const Item& item, SchemaEntry entry, operation::StepContext& context) {
    std::int64_t rows = 0;
    for (const auto& table : entry.content.tables) rows += table.rows;
    rows_ += rows;
    context.count("rows", rows);
    database_of(item).schemas.push_back(std::move(entry));
}

}  // namespace tti::backup
