#include "backup/restore_operation.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "backup/dump.hpp"
#include "backup/kept_rows.hpp"
#include "backup/schema_content.hpp"
#include "database/preview.hpp"
#include "database/search_path.hpp"
#include "key_space/session.hpp"
#include "lorawan/keys.hpp"
#include "operation/failure_point.hpp"
#include "postgres/capabilities.hpp"
#include "util/error.hpp"

namespace tti::backup {
namespace {

constexpr std::size_t most_register_bytes = std::size_t{64} << 20U;
constexpr std::string_view replace_hint =
    "Restore into empty databases, or replace what is there with --replace (add --dry-run to see what that "
    "is).";

int server_version(postgres::Connection& connection) {
    return static_cast<int>(
        connection.execute("SELECT current_setting('server_version_num')::int").integer(0, 0));
}

}  // namespace

ArchiveRestore::ArchiveRestore(cli::Context& context, ArchiveReader& archive, Wanted wanted,
                               std::vector<Component> components, std::function<void()> before_writes)
    : context_(context),
      archive_(archive),
      manifest_(archive.manifest()),
      wanted_(std::move(wanted)),
      before_writes_(std::move(before_writes)),
      components_(std::move(components)),
      marks_(manifest_.id, wanted_.tenant_id, context.command_line,
             wanted_.tenant_id.empty() && wanted_.without.empty()) {}

bool ArchiveRestore::in_archive(std::string_view tenant_id) const {
    return tenant_id == manifest_.default_tenant || tenant_id == manifest_.tenant_id ||
           std::ranges::find(manifest_.other_tenants, tenant_id) != manifest_.other_tenants.end();
}

bool ArchiveRestore::wants(const SchemaEntry& entry) const {
    return !wanted_.without.contains(entry.component) &&
           (wanted_.tenant_id.empty() || entry.tenant_id == wanted_.tenant_id);
}

void ArchiveRestore::refuse(operation::Plan& plan, std::string reason) const {
    plan.refusals.push_back(std::move(reason));
    plan.refusal_hint = replace_hint;
}

operation::Plan ArchiveRestore::plan() {
    operation::Plan plan{.title = wanted_.tenant_id.empty()
                                      ? fmt::format("restore the backup of {}", manifest_.begun_at)
                                      : fmt::format("restore tenant {} from the backup of {}",
                                                    wanted_.tenant_id, manifest_.begun_at)};
    plan.notes.emplace_back("Stop the stack's servers first: what they write meanwhile is lost or mixed in.");
    if (!manifest_.left_out.empty()) {
        plan.notes.push_back(
            fmt::format("The backup was made without {}.", fmt::join(manifest_.left_out, ", ")));
    }
    plan_tenant(plan);
    plan_schemas(plan);
    if (manifest_.tenant_register && !wanted_.without.contains("is")) plan_register(plan);
    if (manifest_.redis && !wanted_.without.contains(redis_component)) plan_keys(plan);
    if (!plan.steps.empty()) plan_check(plan);
    plan_marks(plan);
    // Its transactions would keep tables from being dropped.
    reading_.clear();
    session_.reset();
    if (!lost_.empty()) plan.confirmation = fmt::format("What is there will be lost: {}", lost_);
    return plan;
}

// A tenant alone: the archive has it, and it has the same place on both sides.
void ArchiveRestore::plan_tenant(operation::Plan& plan) {
    if (!manifest_.tenant_id.empty() && wanted_.tenant_id.empty()) wanted_.tenant_id = manifest_.tenant_id;
    const auto& id = wanted_.tenant_id;
    if (id.empty()) return;
    const bool other = !manifest_.tenant_id.empty() && manifest_.tenant_id != id;
    if (other || !in_archive(id)) {
        throw UsageError(
            fmt::format("the archive does not hold tenant \"{}\"; it holds {}{}{}", id,
                        manifest_.tenant_id.empty() ? manifest_.default_tenant : manifest_.tenant_id,
                        manifest_.tenant_id.empty() && !manifest_.other_tenants.empty() ? ", " : "",
                        manifest_.tenant_id.empty()
                            ? fmt::format("{}", fmt::join(manifest_.other_tenants, ", "))
                            : ""),
            "Name one of these with --tenant-id.");
    }
    const bool default_here = id == context_.values.text("tenancy.default-id");
    if (default_here != (id == manifest_.default_tenant)) {
        plan.refusals.push_back(fmt::format(
            "tenant {} is the default one {}, and its keys and tables have another place there", id,
            default_here ? "here, and was not where the backup was made"
                         : "where the backup was made, and is not here"));
        plan.refusal_hint = "Set tenancy.default-id as it was there.";
    }
}

// Around what writes, and alone where an earlier run ended after its last write.
void ArchiveRestore::plan_marks(operation::Plan& plan) {
    const bool left_over = std::ranges::any_of(
        concerned_, [this](const Component* target) { return marks_.has(reading(*target), target->area); });
    if (concerned_.empty() || (plan.steps.empty() && !left_over)) return;
    if (!plan.steps.empty()) {
        operation::Step begin{.name = "begin",
                              .what = "write down in every database that a restore was begun",
                              .why = "what is half restored is told from what is whole",
                              .lock = operation::Lock::rows};
        begin.run = [this](operation::StepContext& context) { mark(context); };
        plan.steps.insert(plan.steps.begin() + 1, std::move(begin));
    }
    operation::Step end{.name = "end",
                        .what = "write down that it is whole",
                        .why = "everything of the archive is there then",
                        .lock = operation::Lock::rows};
    end.run = [this](operation::StepContext& /*context*/) { unmark(); };
    plan.steps.push_back(std::move(end));
}

void ArchiveRestore::plan_schemas(operation::Plan& plan) {
    for (const auto& database : manifest_.databases) {
        for (const auto& entry : database.schemas) {
            if (!wants(entry)) continue;
            const auto target = std::ranges::find(components_, entry.component, &Component::name);
            if (target == components_.end()) {
                throw UsageError(
                    fmt::format("the archive holds \"{}\", which this build does not know", entry.component),
                    "Use the release of tti-lw-stack that wrote it.");
            }
            if (std::ranges::find(concerned_, &*target) == concerned_.end()) concerned_.push_back(&*target);
            plan_schema(plan, {&database, &entry, &*target});
        }
    }
}

std::string ArchiveRestore::tenant_reason_against(const SchemaEntry& entry) {
    for (const auto& record : session().tenants().tenants()) {
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

std::string ArchiveRestore::reason_against(const Item& item) {
    const auto& entry = *item.entry;
    const auto& target = *item.target;
    const auto there = server_version(reading(target));
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

void ArchiveRestore::plan_schema(operation::Plan& plan, Item item) {
    const auto& entry = *item.entry;
    if (auto reason = reason_against(item); !reason.empty()) {
        plan.refusals.push_back(std::move(reason));
        return;
    }
    auto& connection = reading(*item.target);
    std::int64_t rows = 0;
    for (const auto& table : entry.content.tables) rows += table.rows;
    std::string why = "it is empty";
    const bool is_rest = marks_.was_filling(connection, item.target->area, entry.schema);
    if (is_rest) {
        item.clears = true;
        why = "an earlier run of this restore was ended in it";
    } else if (!is_empty(connection, entry.schema)) {
        const auto different = differences_of(item, connection);
        if (different.empty()) {
            ++there_already_;
            plan.notes.push_back(fmt::format("Schema {} is there as the archive has it.", entry.schema));
            return;
        }
        if (!wanted_.replace) {
            return refuse(plan, fmt::format("schema {} of {} is not empty: {}", entry.schema,
                                            item.target->uri.display(), fmt::join(different, "; ")));
        }
        item.clears = true;
        why = different.front();
        const auto size = extent(connection, entry.schema);
        will_be_lost(fmt::format("schema {} ({} tables)", entry.schema, size.tables));
    }
    const auto missing = extensions_out_of_reach(connection, item.database->extensions);
    if (!missing.empty()) {
        plan.refusals.push_back(
            fmt::format("extension {} is not in {}, and cannot be created there by this role",
                        fmt::join(missing, ", "), item.target->uri.display()));
        plan.refusal_hint =
            "Install its package on the server, and let a superuser run CREATE EXTENSION in that database.";
        return;
    }
    for (const auto& file : entry.files()) needed_files_.push_back(manifest_.file(file));
    plan_making(plan, item);
    operation::Step step{.name = entry.schema,
                         .what = fmt::format("{} schema {} of {}", item.clears ? "replace" : "restore",
                                             entry.schema, item.target->uri.display()),
                         .why = why,
                         .touches = {{"rows", rows}},
                         .lock = operation::Lock::table,
                         .destroys = item.clears && !is_rest};
    step.run = [this, item](operation::StepContext& context) { restore(item, context); };
    plan.steps.push_back(std::move(step));
}

void ArchiveRestore::plan_making(operation::Plan& plan, Item& item) {
    if (!item.entry->kept) {
        item.program = program_for(item);
        return;
    }
    auto& connection = reading(*item.target);
    item.way = timeseries::preferred_way(connection, postgres::ask_capabilities(connection, context_.stop));
    if (item.way == timeseries::Way::timescaledb) return;
    plan.notes.push_back(fmt::format(
        "{} has no TimescaleDB, so schema {}, which it kept, comes back in partitions. To have it as it "
        "was, give CREATE EXTENSION timescaledb there first.",
        item.target->uri.display(), item.entry->schema));
}

void ArchiveRestore::plan_register(operation::Plan& plan) {
    archive_.read(manifest_.tenant_register->file, [this](Source& source) {
        register_ = parse_register(read_all(source, most_register_bytes));
    });
    if (!wanted_.tenant_id.empty()) {
        register_.clients.clear();
        std::erase_if(register_.tenants,
                      [this](const auto& row) { return row.at("tenant_id") != wanted_.tenant_id; });
    }
    if (register_.empty()) return;
    const auto comparison = compare_register(session().connection(), register_);
    if (comparison.missing == 0 && comparison.other.empty()) return;
    if (!comparison.other.empty() && !wanted_.replace) {
        return refuse(plan, fmt::format("the register there has other values of {}",
                                        fmt::join(comparison.other, ", ")));
    }
    if (!comparison.other.empty())
        will_be_lost(fmt::format("{} rows of the register", comparison.other.size()));
    const auto* const target = &identity_server_of(components_);
    if (std::ranges::find(concerned_, target) == concerned_.end()) concerned_.push_back(target);
    needed_files_.push_back(manifest_.file(manifest_.tenant_register->file));
    operation::Step step{
        .name = "register",
        .what = "write the register of tenants",
        .why = fmt::format("{} rows are missing", comparison.missing),
        .touches = {{"tenants", static_cast<std::int64_t>(register_.tenants.size())},
                    {"clients of all tenants", static_cast<std::int64_t>(register_.clients.size())}},
        .lock = operation::Lock::rows,
        .destroys = !comparison.other.empty()};
    step.run = [this](operation::StepContext& context) { restore_register(context); };
    plan.steps.push_back(std::move(step));
}

// An archive without the Identity Server may not name its tenants: then its keys tell.
void ArchiveRestore::remove_archived(std::set<std::string, std::less<>>& tenants) {
    std::erase_if(tenants, [this](const std::string& id) { return in_archive(id); });
    const bool named = !manifest_.other_tenants.empty() ||
                       std::ranges::find(manifest_.left_out, "is") == manifest_.left_out.end();
    if (named || tenants.empty()) return;
    archive_.read(manifest_.redis->file, [&](Source& source) {
        KeyFileReader reader(source);
        for (ArchivedKey key; reader.next(key);) {
            const auto found = tenants.find(key.key.substr(0, key.key.find(':')));
            if (found != tenants.end()) tenants.erase(found);
        }
    });
}

// Tenants that only the server has are none of the archive's business, and never are removed.
KeyScope ArchiveRestore::scope_here() {
    const auto& default_id = context_.values.text("tenancy.default-id");
    std::set<std::string, std::less<>> here;
    if (!wanted_.without.contains("is") || wanted_.replace) {
        for (const auto& tenant : session().all_tenants()) {
            if (!tenant.is_default) here.insert(tenant.id);
        }
    }
    std::set<std::string> others(manifest_.other_tenants.begin(), manifest_.other_tenants.end());
    others.insert(here.begin(), here.end());
    const std::vector<std::string> other_tenants(others.begin(), others.end());
    const auto& wanted = wanted_.tenant_id;
    if (!wanted.empty()) return tenant_scope(wanted, wanted == default_id, other_tenants);
    auto scope = whole_scope(other_tenants);
    remove_archived(here);
    for (const auto& tenant : here) scope.without.push_back(tenant + ":");
    return scope;
}

redis::Connection& ArchiveRestore::open_redis() {
    const bool dry_run = context_.values.boolean("dry-run");
    redis_.emplace(key_space::general_target(context_.values),
                   redis::ConnectOptions{.context = "redis",
                                         .mode = dry_run ? redis::Mode::read_only : redis::Mode::writes},
                   context_.stop);
    if (dry_run) {
        redis::require_usable(*redis_);
    } else {
        redis::require_writable(*redis_);
    }
    return *redis_;
}

// A server that evicts would lose what is put there, and one without room ends in the middle.
void ArchiveRestore::require_room(operation::Plan& plan, bool clears) const {
    const auto& server = redis_->server();
    if (server.maxmemory == 0) return;
    if (server.maxmemory_policy != "noeviction") {
        plan.refusals.push_back(fmt::format("{} evicts keys ({}) once they take {}",
                                            redis_->target().display(), server.maxmemory_policy,
                                            database::size_text(server.maxmemory)));
        plan.refusal_hint = "Let it keep them first: redis-cli CONFIG SET maxmemory-policy noeviction";
        return;
    }
    // How much of the file is one tenant's is not known.
    if (wanted_.tenant_id != manifest_.tenant_id) return;
    const auto room = server.maxmemory - (clears ? 0 : server.used_memory);
    const auto needed = manifest_.file(manifest_.redis->file)->size;
    if (needed <= room) return;
    plan.refusals.push_back(
        fmt::format("{} has room for {}, and the keys take {} at least", redis_->target().display(),
                    database::size_text(std::max<std::int64_t>(room, 0)), database::size_text(needed)));
    plan.refusal_hint = "Raise maxmemory of the Redis server, then give the same command again.";
}

void ArchiveRestore::plan_keys(operation::Plan& plan) {
    const auto prefix = lorawan::Keys(context_.values.list("redis.namespace")).prefix();
    keys_.emplace(open_redis(), KeyPlace{prefix, scope_here()}, archive_, before_writes_);
    const auto where =
        fmt::format("{} below {}{}", redis_->target().display(), prefix, keys_->place().scope.below);
    if (prefix != manifest_.redis->name_space) {
        plan.notes.push_back(
            fmt::format("Keys below {} come back below {}.", manifest_.redis->name_space, prefix));
    }
    auto found = keys_->look();
    const bool told_by_names = found == KeyRestore::Found::identical && !keys_->values_compare();
    // Who asks for the archive's values gets them.
    if (told_by_names && wanted_.replace) found = KeyRestore::Found::others;
    if (found == KeyRestore::Found::identical) {
        ++there_already_;
        plan.notes.push_back(
            told_by_names
                ? fmt::format(
                      "{}: the keys of the archive are there. Their values were not compared: Redis {} "
                      "writes them in another form than {}.",
                      where, redis_->server().version, manifest_.redis->server_version)
                : fmt::format("{}: all keys are there as the archive has them.", where));
        return;
    }
    const bool clears = found == KeyRestore::Found::others || found == KeyRestore::Found::clearing;
    if (clears && !wanted_.replace) {
        return refuse(plan, found == KeyRestore::Found::others
                                ? fmt::format("{} has other keys than the archive", where)
                                : fmt::format("an earlier run with --replace was ended while it removed the "
                                              "keys of {}",
                                              where));
    }
    require_room(plan, found != KeyRestore::Found::nothing);
    if (clears) will_be_lost(fmt::format("the keys of {}", where));
    needed_files_.push_back(manifest_.file(manifest_.redis->file));
    operation::Step step{.name = "redis",
                         .what = fmt::format("{} the keys of {}", clears ? "replace" : "restore", where),
                         .why = found == KeyRestore::Found::begun ? "an earlier run of this restore was ended"
                                : clears                          ? "others are there"
                                                                  : "none are there",
                         .touches = {{"keys at most", manifest_.redis->keys}},
                         .lock = operation::Lock::rows,
                         .destroys = clears};
    step.run = [this, clears](operation::StepContext& context) { keys_->run(clears, context); };
    plan.steps.push_back(std::move(step));
}

// Before anything is written.
void ArchiveRestore::plan_check(operation::Plan& plan) {
    std::int64_t bytes = 0;
    for (const auto* file : needed_files_) bytes += file->size;
    operation::Step step{.name = "check",
                         .what = "compare the files' checksums with the manifest",
                         .why = "before anything is written",
                         .touches = {{"bytes", bytes}}};
    step.run = [this](operation::StepContext& context) { check(context); };
    plan.steps.insert(plan.steps.begin(), std::move(step));
}

postgres::Connection& ArchiveRestore::reading(const Component& target) {
    auto& connection = reading_[target.uri.display()];
    if (!connection) {
        connection = std::make_unique<postgres::Connection>(
            target.uri,
            postgres::ConnectOptions{
                .context = target.name, .mode = postgres::Mode::read_only, .setting = target.setting},
            context_.stop);
    }
    return *connection;
}

postgres::Connection ArchiveRestore::open_writing(const Component& target) {
    postgres::Connection connection(target.uri, {.context = target.name, .setting = target.setting},
                                    context_.stop);
    postgres::require_writable(postgres::ask_capabilities(connection, context_.stop), target.uri,
                               target.setting);
    return connection;
}

identity_server::Session& ArchiveRestore::session() {
    if (!session_) session_.emplace(context_, identity_server::Access::read);
    return *session_;
}

PostgresProgram ArchiveRestore::program_for(const Item& item) {
    if (installed_.empty()) {
        installed_ = installed_programs("pg_restore", context_.surroundings,
                                        context_.values.text("postgres-programs"), context_.stop);
    }
    int major = 0;
    const auto& dumped_by = item.database->program;
    std::from_chars(dumped_by.data(), dumped_by.data() + dumped_by.size(), major);
    const auto server = server_version(reading(*item.target)) / version_factor;
    return fitting_program("pg_restore", {.server = server, .oldest = major}, installed_);
}

void ArchiveRestore::check(operation::StepContext& context) {
    std::int64_t total = 0;
    for (const auto* file : needed_files_) total += file->size;
    std::int64_t done = 0;
    for (const auto* file : needed_files_) {
        archive_.check(*file, [&](std::int64_t bytes) {
            done += bytes;
            context.progress("bytes", done, total);
            util::throw_if_requested(context.stop());
        });
    }
}

void ArchiveRestore::mark(operation::StepContext& context) {
    for (const auto* target : concerned_) {
        auto connection = open_writing(*target);
        if (marks_.set(connection, target->area)) continue;
        context.log(
            operation::Level::warn,
            fmt::format("{} takes no mark: its role may not create schema tti", target->uri.display()));
    }
}

void ArchiveRestore::unmark() {
    for (const auto* target : concerned_) {
        auto connection = open_writing(*target);
        marks_.remove(connection, target->area);
        operation::failure_point("inside unmark");
    }
}

void ArchiveRestore::restore(const Item& item, operation::StepContext& context) {
    if (item.entry->kept) {
        restore_kept(item, context);
    } else {
        restore_dump(item, context);
    }
    ++schemas_;
    for (const auto& table : item.entry->content.tables) context.count("rows", table.rows);
}

void ArchiveRestore::restore_dump(const Item& item, operation::StepContext& context) {
    const auto& entry = *item.entry;
    const auto& target = *item.target;
    auto connection = open_writing(target);
    database::create_schema(connection, entry.schema);
    for (const auto& name : create_extensions(connection, item.database->extensions)) {
        context.log(operation::Level::info, fmt::format("Created extension {}", name));
    }
    if (item.clears) {
        clear_schema(connection, entry.schema);
        operation::failure_point("after clear schema");
    }
    archive_.read(entry.file, [&](Source& source) {
        restore_schema(item.program, {target.uri, context_.surroundings, context_.stop}, entry.schema,
                       source);
    });
    operation::failure_point("after restore schema");
    require_same(item);
}

// In many transactions, so that a run that is ended in between clears it first.
void ArchiveRestore::restore_kept(const Item& item, operation::StepContext& context) {
    const auto& entry = *item.entry;
    const auto& target = *item.target;
    auto connection = open_writing(target);
    marks_.fill(connection, target.area, entry.schema);
    if (item.clears) clear_schema(connection, entry.schema);
    const auto maker = maker_of(context_, entry.component, {target.setting, target.uri, entry.schema});
    load_kept(*maker, archive_, entry, item.way, context);
    operation::failure_point("after load schema");
    require_same(item);
    maker->finish(entry.kept->schema);
    operation::failure_point("after finish schema");
    marks_.fill(connection, target.area, "");
}

std::vector<std::string> ArchiveRestore::differences_of(const Item& item, postgres::Connection& connection) {
    const auto& entry = *item.entry;
    if (entry.kept)
        return differences(entry.content, read_kept_content(connection, entry.kept->schema), false);
    const bool same_major =
        server_version(connection) / version_factor == item.database->server_version / version_factor;
    return differences(entry.content, read_content(connection, entry.schema), same_major);
}

void ArchiveRestore::require_same(const Item& item) {
    reading_.clear();
    const auto different = differences_of(item, reading(*item.target));
    reading_.clear();
    if (different.empty()) return;
    throw Error(ExitCode::unexpected,
                fmt::format("schema {} of {} is not what the archive holds: {}", item.entry->schema,
                            item.target->uri.display(), fmt::join(different, "; ")),
                "Stop whatever writes there, then give the same command with --replace.");
}

void ArchiveRestore::restore_register(operation::StepContext& context) {
    auto connection = open_writing(identity_server_of(components_));
    identity_server::create_register(connection);
    write_register(connection, register_);
    context.count("tenants", static_cast<std::int64_t>(register_.tenants.size()));
}

std::string ArchiveRestore::result_text() {
    if (needed_files_.empty()) return "nothing to do: everything is there as the archive has it";
    auto text = fmt::format("restored {} schemas", schemas_);
    if (keys_) text += fmt::format(" and {} keys", keys_->restored());
    if (keys_ && keys_->expired() > 0) {
        text += fmt::format("\n  {} keys have expired since the backup and stay away", keys_->expired());
    }
    if (there_already_ > 0) text += fmt::format("\n  there already: {}", there_already_);
    return text + "\n  see what is due: tti-lw-stack is-db status";
}

nlohmann::json ArchiveRestore::result_data() {
    nlohmann::json data{{"id", manifest_.id}, {"schemas", schemas_}, {"there_already", there_already_}};
    if (!wanted_.tenant_id.empty()) data["tenant_id"] = wanted_.tenant_id;
    if (keys_) {
        data["keys"] = keys_->restored();
        data["expired"] = keys_->expired();
    }
    return data;
}

}  // namespace tti::backup
