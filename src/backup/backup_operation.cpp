#include "backup/backup_operation.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "backup/dump.hpp"
#include "backup/kept_rows.hpp"
#include "backup/key_backup.hpp"
#include "backup/schema_content.hpp"
#include "backup/tenant_register.hpp"
#include "backup/time_text.hpp"
#include "database/preview.hpp"
#include "database/restore_mark.hpp"
#include "key_space/session.hpp"
#include "lorawan/keys.hpp"
#include "operation/failure_point.hpp"
#include "util/base64.hpp"
#include "util/error.hpp"
#include "util/random.hpp"
#include "util/version.hpp"

namespace tti::backup {
namespace {

constexpr std::size_t id_bytes = 16;

std::string program_text() {
    const auto commit = util::commit();
    return fmt::format("{}{}", util::version(), commit.empty() ? "" : fmt::format(" ({})", commit));
}

// "is.tenant_acme.dump"; a number stands for a name that a file cannot have everywhere.
std::string file_for(const std::string& component, const std::string& schema, std::size_t number,
                     std::string_view ending) {
    const bool plain = std::ranges::all_of(schema, [](unsigned char character) {
        return std::isalnum(character) != 0 || character == '_' || character == '-';
    });
    return fmt::format("{}.{}{}", component, plain ? schema : fmt::format("schema.{}", number), ending);
}

std::string told_of_this_run() {
    const auto identity = operation::current_identity("");
    return fmt::format("{} by {} on host {}, process {}", now_text(), identity.user, identity.host,
                       identity.pid);
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

BackupOperation::BackupOperation(cli::Context& context, Place& place, std::optional<Secret> secret)
    : context_(context), place_(place), secret_(std::move(secret)), left_out_(left_out(context.values)) {
    // They are shared by all tenants.
    if (!context.values.text("tenant-id").empty()) left_out_.insert({"storage", "noc"});
    components_ = components(context.values, left_out_);
}

operation::Plan BackupOperation::plan() {
    const auto& tenant = context_.values.text("tenant-id");
    manifest_ = {.id = util::base64_url(util::random_bytes(id_bytes)),
                 .program = program_text(),
                 .begun_at = now_text(),
                 .tenant_id = tenant,
                 .default_tenant = context_.values.text("tenancy.default-id")};
    operation::Plan plan{.title = tenant.empty() ? "back up the deployment"
                                                 : fmt::format("back up tenant {}", tenant)};
    if (!tenant.empty() && !wants("is")) {
        throw UsageError(fmt::format("whether there is a tenant \"{}\", and which keys are its own, is only "
                                     "known with the register of the Identity Server",
                                     tenant),
                         "Leave out --without is.");
    }
    plan_place(plan);
    if (wants("is")) {
        plan_identity_server(plan);
    } else if (wants(redis_component)) {
        record_tenants(plan);
    }
    for (const auto& component : components_) {
        if (!component.schema.empty() && wants(component.name)) plan_timeseries(plan, component);
    }
    if (wants(redis_component)) plan_redis(plan);
    if (plan.steps.empty()) plan.refusals.emplace_back("there is nothing to back up");
    manifest_.left_out.assign(left_out_.begin(), left_out_.end());
    plan_manifest(plan);
    return plan;
}

void BackupOperation::plan_place(operation::Plan& plan) {
    const auto state = look_at(place_);
    if (auto reason = reason_against(state, place_); !reason.empty()) {
        plan.refusals.push_back(std::move(reason));
        plan.refusal_hint = "Name a new or empty place.";
    }
    if (state.kind == PlaceState::Kind::unfinished) {
        plan.notes.push_back(fmt::format(
            "{} holds the rest of a backup that was not finished ({}); this one takes its place.",
            place_.display(), state.told.empty() ? "nothing says when it was begun" : state.told));
    }
    if (!secret_) {
        plan.notes.emplace_back(
            "The archive is not encrypted. It holds session keys of end devices and hashes of secrets: give "
            "--key-from, or keep it where only you can read it.");
    }
}

void BackupOperation::add_step(operation::Plan& plan, operation::Step step,
                               std::function<void(operation::StepContext&)> work) {
    step.undo = "remove the archive";
    step.run = std::move(work);
    plan.steps.push_back(std::move(step));
}

ArchiveWriter& BackupOperation::writer() {
    if (!writer_) {
        std::optional<ArchiveKey> key;
        if (secret_) key = ArchiveKey::create(*secret_);
        writer_.emplace(place_, std::move(key));
        writer_->begin(told_of_this_run());
    }
    return *writer_;
}

const Snapshot& BackupOperation::snapshot_of(const Component& component) {
    const auto known = std::ranges::find_if(snapshots_, [&](const auto& snapshot) {
        return snapshot->connection().uri().display() == component.uri.display();
    });
    if (known != snapshots_.end()) return **known;
    std::vector<std::string> schemas;
    for (const auto& one : components_) {
        if (wants(one.name) && one.uri.display() == component.uri.display()) schemas.push_back(one.schema);
    }
    if (component.name == "is") {
        snapshots_.push_back(std::make_unique<Snapshot>(session_->connection(), schemas));
    } else {
        connections_.push_back(std::make_unique<postgres::Connection>(
            component.uri,
            postgres::ConnectOptions{
                .context = component.name, .mode = postgres::Mode::read_only, .setting = component.setting},
            context_.stop));
        snapshots_.push_back(std::make_unique<Snapshot>(*connections_.back(), schemas));
    }
    manifest_.databases.push_back(snapshots_.back()->database());
    return *snapshots_.back();
}

const PostgresProgram& BackupOperation::program_for(const Snapshot& snapshot) {
    const auto major = snapshot.database().server_version / version_factor;
    if (installed_.empty()) {
        installed_ = installed_programs("pg_dump", context_.surroundings,
                                        context_.values.text("postgres-programs"), context_.stop);
    }
    program_ = fitting_program("pg_dump", {.server = major, .oldest = major}, installed_);
    return *program_;
}

// Whose keys there are is asked even where the tables are left out.
void BackupOperation::record_tenants(operation::Plan& plan) {
    const auto not_named = [&plan](const Error& error) {
        plan.notes.push_back(fmt::format(
            "The archive will not say whose keys it holds, for the register of tenants cannot be asked: {}",
            error.what()));
    };
    try {
        identity_server::Session session(context_, identity_server::Access::read);
        for (const auto& tenant : session.all_tenants()) {
            if (!tenant.is_default) manifest_.other_tenants.push_back(tenant.id);
        }
    } catch (const UsageError& error) {
        not_named(error);
    } catch (const postgres::ConnectionError& error) {
        not_named(error);
    }
}

void BackupOperation::plan_identity_server(operation::Plan& plan) {
    session_.emplace(context_, identity_server::Access::read);
    const auto& tenants = session_->tenants();
    const auto& wanted = context_.values.text("tenant-id");
    std::vector<identity_server::Tenant> chosen = session_->all_tenants();
    for (const auto& tenant : chosen) {
        if (!tenant.is_default) manifest_.other_tenants.push_back(tenant.id);
    }
    if (!wanted.empty()) {
        chosen = {session_->tenant(wanted)};
        plan.notes.emplace_back(
            "Stored messages and the Network Operations Center are shared by all tenants, and not part of "
            "this.");
    }
    const auto& snapshot = snapshot_of(identity_server_of(components_));
    look_for_restores(plan, snapshot.connection());
    for (const auto& tenant : chosen) {
        plan_schema(
            plan,
            {.snapshot = &snapshot, .component = "is", .schema = tenant.schema, .tenant_id = tenant.id});
    }
    if (tenants.exists()) plan_register(plan);
}

void BackupOperation::plan_timeseries(operation::Plan& plan, const Component& component) {
    const auto known = snapshots_.size();
    const auto& snapshot = snapshot_of(component);
    if (snapshots_.size() > known) look_for_restores(plan, snapshot.connection());
    if (is_empty(snapshot.connection(), component.schema)) {
        left_out_.insert(component.name);
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
void BackupOperation::look_for_restores(operation::Plan& plan, postgres::Connection& connection) const {
    for (const auto& mark : database::restore_marks(connection)) {
        const bool concerns =
            manifest_.tenant_id.empty() || mark.tenant_id.empty() || mark.tenant_id == manifest_.tenant_id;
        if (!concerns) continue;
        plan.refusals.push_back(fmt::format("what {} holds is not whole: {}", operation::words(mark.area),
                                            database::describe(mark)));
        plan.refusal_hint = "Finish it first: tti-lw-stack " + mark.command;
    }
}

// What is not whole would be declared whole.
void BackupOperation::refuse_half_restored(operation::Plan& plan, std::string reason) {
    plan.refusals.push_back(std::move(reason));
    plan.refusal_hint =
        "Finish what was begun there: give the restore command again, or bring the tables with "
        "tti-lw-stack is-db migrate.";
}

void BackupOperation::plan_schema(operation::Plan& plan, Item item) {
    auto& connection = item.snapshot->connection();
    if (is_empty(connection, item.schema)) {
        if (!item.tenant_id.empty() && item.tenant_id != manifest_.default_tenant) {
            return refuse_half_restored(
                plan, fmt::format("schema {} of tenant {} is empty", item.schema, item.tenant_id));
        }
        plan.notes.push_back(fmt::format("Schema {} is empty and left out.", item.schema));
        return;
    }
    if (hypertables(connection, item.schema).empty()) return plan_dump(plan, std::move(item));
    plan_kept(plan, std::move(item));
}

// Rows of hypertables lie in chunks of another schema, which pg_dump does not take with theirs.
void BackupOperation::plan_kept(operation::Plan& plan, Item item) {
    auto& connection = item.snapshot->connection();
    auto kept = describe_kept(connection, context_.stop, item.component, item.schema);
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
    add_step(plan,
             {.name = item.schema,
              .what = fmt::format(
                  "copy the rows of schema {}, which TimescaleDB keeps, and take the sums of its tables",
                  item.schema),
              .why = item.component,
              .touches = {{"tables", tables}}},
             [this, item](operation::StepContext& context) { copy_kept(item, context); });
}

void BackupOperation::plan_dump(operation::Plan& plan, Item item) {
    auto& connection = item.snapshot->connection();
    item.program = program_for(*item.snapshot);
    item.file = file_for(item.component, item.schema, plan.steps.size(), dump_ending);
    const auto size = extent(connection, item.schema);
    add_step(plan,
             {.name = item.schema,
              .what = fmt::format("dump schema {} with pg_dump {}, and take the sums of its tables",
                                  item.schema, item.program.version),
              .why = item.tenant_id.empty() ? item.component : fmt::format("tenant {}", item.tenant_id),
              .touches = {{"tables", size.tables}, {"bytes at the server", size.bytes}}},
             [this, item](operation::StepContext& context) { dump(item, context); });
}

void BackupOperation::plan_register(operation::Plan& plan) {
    const auto rows = read_register(session_->connection(), manifest_.tenant_id);
    if (rows.empty()) return;
    add_step(plan,
             {.name = "register",
              .what = "write the register of tenants down",
              .why = "schema tti",
              .touches = {{"tenants", static_cast<std::int64_t>(rows.tenants.size())},
                          {"clients of all tenants", static_cast<std::int64_t>(rows.clients.size())}}},
             [this](operation::StepContext& context) { save_register(context); });
}

void BackupOperation::plan_redis(operation::Plan& plan) {
    const auto& tenant = context_.values.text("tenant-id");
    const auto& default_id = context_.values.text("tenancy.default-id");
    keys_ = {lorawan::Keys(context_.values.list("redis.namespace")).prefix(),
             tenant.empty() ? whole_scope(manifest_.other_tenants)
                            : tenant_scope(tenant, tenant == default_id, manifest_.other_tenants)};
    redis_.emplace(key_space::general_target(context_.values),
                   redis::ConnectOptions{.context = "redis", .mode = redis::Mode::read_only}, context_.stop);
    redis::require_usable(*redis_);
    look_for_restores(plan);
    add_step(plan,
             {.name = "redis",
              .what = fmt::format("write the keys below {}{} down, with their values and expiry times",
                                  keys_.name_space, keys_.scope.below),
              .why = "device sessions and queues",
              .touches = {{"keys at most", redis_->call("DBSIZE")->integer()}}},
             [this](operation::StepContext& context) { copy_keys(context); });
    plan.notes.emplace_back(
        "Redis is walked while servers may write: each value is whole, and the manifest says when the walk "
        "began and ended and how many writes the server counted meanwhile. With the stack stopped, all of it "
        "is "
        "one moment.");
}

void BackupOperation::look_for_restores(operation::Plan& plan) {
    const auto& tenant = context_.values.text("tenant-id");
    std::vector<std::string> below{""};
    for (const auto& id : tenant.empty() ? manifest_.other_tenants : std::vector{tenant}) {
        below.push_back(id + ":");
    }
    for (const auto& scope : below) {
        const auto mark = keys_.name_space + KeyScope{.below = scope}.restore_mark();
        if (redis_->call("GET", mark)->is_nil()) continue;
        refuse_half_restored(plan, fmt::format("a restore of the keys below {}{} was begun and not finished",
                                               keys_.name_space, scope));
    }
}

void BackupOperation::plan_manifest(operation::Plan& plan) {
    add_step(plan,
             {.name = "manifest",
              .what = fmt::format("write {}/{}", place_.display(), manifest_name),
              .why = "without it there is no backup"},
             [this](operation::StepContext& /*context*/) {
                 manifest_.ended_at = now_text();
                 writer().finish(manifest_);
             });
}

void BackupOperation::dump(const Item& item, operation::StepContext& context) {
    auto& connection = item.snapshot->connection();
    bytes_ += writer().add(item.file, [&](Sink& sink) {
        ReportingSink reporting(sink, context);
        dump_schema(item.program, {connection.uri(), context_.surroundings, context_.stop}, item.schema,
                    item.snapshot->id(), reporting);
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

void BackupOperation::copy_kept(const Item& item, operation::StepContext& context) {
    auto& connection = item.snapshot->connection();
    SchemaEntry entry{item.component, item.schema, item.tenant_id, {}, {}, KeptEntry{*item.kept, {}, {}}};
    for (const auto& table : item.kept->tables) {
        entry.kept->files.push_back(fmt::format("{}.{}{}", item.file, table.name, rows_ending));
        bytes_ += writer().add(entry.kept->files.back(), [&](Sink& sink) {
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

DatabaseEntry& BackupOperation::database_of(const Item& item) {
    return *std::ranges::find(manifest_.databases, item.snapshot->database().address,
                              &DatabaseEntry::address);
}

void BackupOperation::record(const Item& item, SchemaEntry entry, operation::StepContext& context) {
    std::int64_t rows = 0;
    for (const auto& table : entry.content.tables) rows += table.rows;
    rows_ += rows;
    context.count("rows", rows);
    database_of(item).schemas.push_back(std::move(entry));
}

void BackupOperation::save_register(operation::StepContext& context) {
    const auto rows = read_register(session_->connection(), manifest_.tenant_id);
    manifest_.tenant_register = {register_name, static_cast<std::int64_t>(rows.tenants.size()),
                                 static_cast<std::int64_t>(rows.clients.size())};
    bytes_ += writer().add(register_name, [&rows](Sink& sink) { sink.write(register_text(rows)); });
    context.count("tenants", manifest_.tenant_register->tenants);
}

void BackupOperation::copy_keys(operation::StepContext& context) {
    KeysEntry entry;
    bytes_ +=
        writer().add(keys_name, [&](Sink& sink) { entry = back_up_keys(*redis_, keys_, sink, context); });
    entry.file = keys_name;
    context.count("keys", entry.keys);
    manifest_.redis = std::move(entry);
}

std::string BackupOperation::result_text() {
    std::size_t schemas = 0;
    for (const auto& database : manifest_.databases) schemas += database.schemas.size();
    auto text = fmt::format("backed up to {}: {} schemas with {} rows", place_.display(), schemas, rows_);
    if (manifest_.redis) text += fmt::format(", {} keys", manifest_.redis->keys);
    text += fmt::format("; {}, {}", database::size_text(bytes_), secret_ ? "encrypted" : "not encrypted");
    if (manifest_.redis && manifest_.redis->writes_meanwhile > 0) {
        text += fmt::format("\n  while Redis was walked, it counted {} writes",
                            manifest_.redis->writes_meanwhile);
    }
    return text + fmt::format("\n  check it with: tti-lw-stack backup verify {}{}", place_.display(),
                              secret_ ? " --key-from " + context_.values.text("key-from") : "");
}

nlohmann::json BackupOperation::result_data() {
    nlohmann::json data{{"place", place_.display()}, {"id", manifest_.id}, {"encrypted", secret_.has_value()},
                        {"bytes", bytes_},           {"rows", rows_},      {"left_out", manifest_.left_out}};
    if (manifest_.redis) {
        data["keys"] = manifest_.redis->keys;
        data["writes_meanwhile"] = nullptr;
        if (manifest_.redis->writes_meanwhile >= 0)
            data["writes_meanwhile"] = manifest_.redis->writes_meanwhile;
    }
    return data;
}

}  // namespace tti::backup
