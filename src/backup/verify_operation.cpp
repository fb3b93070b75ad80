#include "backup/verify_operation.hpp"

#include <charconv>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "backup/dump.hpp"
#include "backup/kept_rows.hpp"
#include "backup/key_proof.hpp"
#include "backup/schema_content.hpp"
#include "database/search_path.hpp"
#include "postgres/connection.hpp"
#include "util/error.hpp"

namespace tti::backup {
namespace {

int server_major(postgres::Connection& connection) {
    return static_cast<int>(
               connection.execute("SELECT current_setting('server_version_num')::int").integer(0, 0)) /
           version_factor;
}

operation::Step step_of(std::string name, std::string what, std::string why, operation::Amounts touches,
                        std::function<void(operation::StepContext&)> run) {
    operation::Step step{.name = std::move(name),
                         .what = std::move(what),
                         .why = std::move(why),
                         .touches = std::move(touches)};
    step.run = std::move(run);
    return step;
}

}  // namespace

operation::Plan VerifyOperation::plan() {
    const auto& manifest = archive_.manifest();
    operation::Plan plan{.title = fmt::format("verify the backup of {}", manifest.begun_at)};
    std::int64_t bytes = 0;
    for (const auto& file : manifest.files) bytes += file.size;
    plan.steps.push_back(step_of("check", "compare the files' checksums with the manifest",
                                 "what was stored is what was written", {{"bytes", bytes}},
                                 [this](auto& context) { check(context); }));
    plan.steps.push_back(step_of("servers", "start a private PostgreSQL and Redis in a temporary folder",
                                 "nothing of yours is touched", {}, [this](auto& context) {
                                     deployment_.emplace(context_.surroundings, context.stop());
                                 }));
    for (const auto& database : manifest.databases) {
        const auto number = std::to_string(&database - manifest.databases.data() + 1);
        plan.steps.push_back(step_of(
            "database " + number,
            fmt::format("restore the schemas of {} and compare every table", database.address),
            "a dump that cannot be restored is none",
            {{"schemas", static_cast<std::int64_t>(database.schemas.size())}},
            [this, &database, number](auto& context) { restore(database, "restored" + number, context); }));
    }
    if (manifest.redis) {
        plan.steps.push_back(step_of("redis", "restore the keys and compare every value and expiry time",
                                     "a value that Redis does not take is lost",
                                     {{"keys", manifest.redis->keys}},
                                     [this](auto& context) { restore_keys(context); }));
    }
    return plan;
}

void VerifyOperation::check(operation::StepContext& context) {
    std::int64_t total = 0;
    for (const auto& file : archive_.manifest().files) total += file.size;
    std::int64_t done = 0;
    for (const auto& file : archive_.manifest().files) {
        archive_.check(file, [&](std::int64_t bytes) {
            done += bytes;
            context.progress("bytes", done, total);
            util::throw_if_requested(context.stop());
        });
    }
}

PostgresProgram VerifyOperation::pg_restore_for(const DatabaseEntry& database, int server) {
    if (installed_.empty()) {
        installed_ = installed_programs("pg_restore", context_.surroundings,
                                        context_.values.text("postgres-programs"), context_.stop);
    }
    int major = 0;
    std::from_chars(database.program.data(), database.program.data() + database.program.size(), major);
    return fitting_program("pg_restore", {.server = server, .oldest = major}, installed_);
}

void VerifyOperation::restore(const DatabaseEntry& database, const std::string& name,
                              operation::StepContext& context) {
    const auto uri = deployment_->create_database(name);
    postgres::Connection connection(uri, {.context = "throw-away deployment"}, context.stop());
    const auto wanted = database.server_version / version_factor;
    const auto here = server_major(connection);
    const bool has_dumps =
        std::ranges::any_of(database.schemas, [](const auto& entry) { return !entry.kept; });
    if (has_dumps && here < wanted) {
        throw RefusedError(
            fmt::format("the newest PostgreSQL server here is {}, and the backup is from {}", here, wanted),
            fmt::format("Install postgresql-{} where the backup is verified.", wanted));
    }
    create_extensions(connection, database.extensions);
    std::int64_t done = 0;
    for (const auto& entry : database.schemas) {
        database::create_schema(connection, entry.schema);
        if (entry.kept) {
            compare(entry, load_and_read(entry, uri, context), false);
        } else {
            const auto program = pg_restore_for(database, here);
            compare(entry, restore_and_read(entry, program, uri, context), here == wanted);
        }
        context.progress("schemas", ++done, static_cast<std::int64_t>(database.schemas.size()));
    }
}

SchemaContent VerifyOperation::restore_and_read(const SchemaEntry& entry, const PostgresProgram& pg_restore,
                                                const postgres::Uri& uri, operation::StepContext& context) {
    archive_.read(entry.file, [&](Source& source) {
        restore_schema(pg_restore, {uri, context_.surroundings, context.stop()}, entry.schema, source);
    });
    postgres::Connection reading(uri, {.context = "throw-away deployment", .mode = postgres::Mode::read_only},
                                 context.stop());
    return read_content(reading, entry.schema);
}

// In partitions, which hold the same rows: TimescaleDB is seldom where a backup is verified.
SchemaContent VerifyOperation::load_and_read(const SchemaEntry& entry, const postgres::Uri& uri,
                                             operation::StepContext& context) {
    const auto maker = maker_of(context_, entry.component, {"", uri, entry.schema});
    load_kept(*maker, archive_, entry, timeseries::Way::partitions, context);
    postgres::Connection reading(uri, {.context = "throw-away deployment", .mode = postgres::Mode::read_only},
                                 context.stop());
    notes_.push_back(
        fmt::format("schema {}, which TimescaleDB keeps, was restored in partitions", entry.schema));
    return read_kept_content(reading, entry.kept->schema);
}

void VerifyOperation::compare(const SchemaEntry& entry, const SchemaContent& found,
                              bool compare_definitions) {
    for (const auto& one : differences(entry.content, found, compare_definitions)) {
        differences_.push_back(fmt::format("schema {}: {}", entry.schema, one));
    }
    tables_ += static_cast<std::int64_t>(found.tables.size());
    for (const auto& table : found.tables) rows_ += table.rows;
}

void VerifyOperation::restore_keys(operation::StepContext& context) {
    const auto& entry = *archive_.manifest().redis;
    redis::Connection connection(deployment_->redis(), {.context = "throw-away deployment"}, context.stop());
    KeyProof proof;
    archive_.read(entry.file,
                  [&](Source& source) { proof = prove_keys(connection, source, entry, context); });
    keys_ = proof.found.keys();
    if (!proof.as_written) differences_.emplace_back("redis: the file of keys is not what the manifest says");
    if (proof.expected.keys() != proof.found.keys()) {
        differences_.push_back(
            fmt::format("redis: {} keys came back, not {}", proof.found.keys(), proof.expected.keys()));
    } else if (proof.comparable && proof.expected != proof.found) {
        differences_.emplace_back("redis: keys came back with other values or expiry times");
    }
    if (!proof.comparable) {
        notes_.push_back(
            fmt::format("Redis {} is here and {} was there, so values were only compared by the checks that "
                        "Redis makes itself",
                        connection.server().version, entry.server_version));
    }
}

void VerifyOperation::verify() {
    deployment_.reset();
    if (differences_.empty()) return;
    throw Error(
        ExitCode::unexpected,
        fmt::format("the archive does not give back what was backed up: {}", fmt::join(differences_, "; ")),
        "Keep it, and make another backup.");
}

std::string VerifyOperation::result_text() {
    auto text = fmt::format("the backup of {} is whole: {} tables with {} rows", archive_.manifest().begun_at,
                            tables_, rows_);
    if (archive_.manifest().redis) text += fmt::format(" and {} keys", keys_);
    text += " came back as they were";
    for (const auto& note : notes_) text += "\n  " + note;
    return text;
}

nlohmann::json VerifyOperation::result_data() {
    return {{"id", archive_.manifest().id},
            {"tables", tables_},
            {"rows", rows_},
            {"keys", keys_},
            {"notes", notes_}};
}

}  // namespace tti::backup
