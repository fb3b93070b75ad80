#include "backup/archive.hpp"
#include "backup/backup_operation.hpp"
#include "backup/commands.hpp"
#include "backup/open_place.hpp"
#include "backup/verify_operation.hpp"
#include "cli/object_encryption.hpp"
#include "key_space/session.hpp"
#include "operation/dry_run.hpp"
#include "undo/open.hpp"

namespace tti::backup {
namespace {

// Databases are only read: no run lock and no journal, so that it works on a replica too. Two backups into
// one place keep each other off by a lock of the place.
void run_unlocked(cli::Context& context, operation::Operation& operation,
                  const operation::RunOptions& options) {
    operation::NoLock lock;
    operation::NoJournal journal;
    operation::run(operation, options, operation::current_identity(context.command_line),
                   {lock, journal, context.reporter, context.prompt, context.stop});
}

settings::Option place_argument(const char* description) {
    return {.name = "place", .description = description, .value_name = "DIR", .required = true};
}

std::optional<cli::DiskUse> archive_to_write(const settings::Values& values) {
    const auto& place = values.text("place");
    if (is_elsewhere(place) || values.boolean("dry-run")) return std::nullopt;
    return cli::DiskUse{.what = "the archive", .place = place};
}

ExitCode back_up(cli::Context& context) {
    const auto place = open_place_to_write(context, context.values.text("place"));
    BackupOperation operation(context, *place, given_key(context));
    run_unlocked(context, operation, {context.values.boolean("dry-run"), context.values.boolean("yes"), {}});
    return ExitCode::done;
}

ExitCode verify(cli::Context& context) {
    const auto place = open_place(context, context.values.text("place"));
    ArchiveReader archive(*place, given_key(context));
    VerifyOperation operation(context, archive);
    run_unlocked(context, operation, {});
    return ExitCode::done;
}

settings::Option option_named(const std::string& name) {
    for (auto& option : archive_options()) {
        if (option.name == name) return option;
    }
    throw std::logic_error("no option " + name);
}

cli::Command verify_command() {
    return {.name = "verify",
            .summary = "Prove that a backup can be restored",
            .description =
                "Compares the checksums, restores the archive into a PostgreSQL and a Redis of its own in a "
                "temporary "
                "folder, and compares every table and every key with what the manifest says. Nothing else is "
                "touched, and afterwards both servers are gone.",
            .arguments = {place_argument("the archive: a folder, or s3://BUCKET/FOLDER")},
            .options = {option_named("key-from"), option_named("postgres-programs")},
            .examples = {{"backup verify /backups/monday", "restore it where it hurts nobody, and compare"}},
            .disk_use = undo::file_to_read("place"),
            .run = verify};
}

}  // namespace

cli::Command backup_command() {
    std::vector<settings::Option> options{
        {.name = "tenant-id", .description = "back up this tenant alone", .value_name = "ID"}};
    for (auto& option : archive_options()) options.push_back(std::move(option));
    options.push_back(cli::object_encryption_option());
    return {
        .name = "backup",
        .summary = "Write one archive of the deployment, or of a tenant",
        .description =
            "The archive holds the databases in PostgreSQL schema by schema as pg_dump writes them, each "
            "database as "
            "of one moment, the register of tenants, the keys in Redis (redis.*) with their values and "
            "expiry "
            "times, and a manifest with versions, counts and checksums. The manifest is written last: a "
            "folder without one holds no backup, and what a killed run left there is replaced by the "
            "next.\n\n"
            "A schema that TimescaleDB keeps is written down by rows, a file for each table; its aggregates "
            "are "
            "among them, those whose events are gone included. It comes back with its chunks, policies and "
            "aggregates, or in partitions where there is no TimescaleDB.\n\n"
            "A replica of PostgreSQL or Redis is as good a source.\n\n"
            "The caches in Redis, the journals of this program and its locks are not part of it. pg_dump of "
            "the server's major version has to be installed, or a newer one (for a server before 17, one "
            "before 17).\n\n"
            "With --key-from the files are encrypted with AES-256-GCM. Without that secret nobody can read "
            "them again, so keep it elsewhere.",
        .arguments = {place_argument("a new or empty folder, or s3://BUCKET/FOLDER")},
        .options = std::move(options),
        .settings = archive_settings(),
        .examples = {{"backup /backups/monday --key-from file:/etc/tti/backup.key",
                      "back up all of it, encrypted"},
                     {"backup /backups/acme --tenant-id acme", "back up one tenant"},
                     {"backup /backups/monday --dry-run", "see what would be in it"}},
        .effect = cli::Effect::writes,
        .disk_use = archive_to_write,
        .run = back_up,
        .children = {verify_command()}};
}

}  // namespace tti::backup
