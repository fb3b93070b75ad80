#include <filesystem>

#include "backup/archive.hpp"
#include "backup/commands.hpp"
#include "backup/open_place.hpp"
#include "backup/restore_locks.hpp"
#include "backup/restore_operation.hpp"
#include "identity_server/restore.hpp"
#include "key_space/restore.hpp"
#include "key_space/session.hpp"
#include "lorawan/keys.hpp"
#include "operation/dry_run.hpp"
#include "undo/open.hpp"
#include "util/error.hpp"

namespace tti::backup {
namespace {

bool is_archive(const std::filesystem::path& path, const std::string& text) {
    if (is_elsewhere(text)) return !undo::is_file_in_store(text);
    return std::filesystem::is_directory(path);
}

// Options that mean nothing for what is restored are mistakes.
void refuse_options(const settings::Values& values, std::initializer_list<const char*> names,
                    const char* what) {
    for (const auto* const name : names) {
        if (!values.given(name)) continue;
        throw UsageError(fmt::format("--{} means nothing for {}", name, what), "Leave it out.");
    }
}

// Those of the settings that the archive and the command name; addresses of others are not read.
std::vector<Component> concerned_components(const settings::Values& values, const Wanted& wanted,
                                            const Manifest& manifest) {
    std::set<std::string, std::less<>> needed;
    for (const auto& database : manifest.databases) {
        for (const auto& schema : database.schemas) {
            if (wanted.tenant_id.empty() || schema.tenant_id == wanted.tenant_id)
                needed.insert(schema.component);
        }
    }
    if (manifest.tenant_register) needed.insert("is");
    auto without = wanted.without;
    for (const auto* name : {"is", "storage", "noc"}) {
        if (!needed.contains(name)) without.insert(name);
    }
    return components(values, without);
}

void add_locks(cli::Context& context, RestoreLocks& locks, const std::vector<Component>& concerned,
               const Wanted& wanted, const Manifest& manifest) {
    for (const auto& component : concerned) locks.add(component);
    if (!manifest.redis || wanted.without.contains(redis_component)) return;
    auto name_space = context.values.list("redis.namespace");
    const bool apart =
        !wanted.tenant_id.empty() && wanted.tenant_id != context.values.text("tenancy.default-id");
    if (apart) name_space.push_back(wanted.tenant_id);
    const auto prefix = lorawan::Keys(name_space).prefix();
    std::vector<std::string> tenants;
    if (wanted.tenant_id.empty()) {
        for (const auto& tenant : manifest.other_tenants) tenants.push_back(prefix + tenant + ":");
    }
    locks.add_redis(key_space::general_target(context.values), prefix, tenants);
}

ExitCode restore_archive(cli::Context& context) {
    refuse_options(context.values, {"overwrite", "keep-changed", "rate", "max-latency"}, "an archive");
    const auto place = open_place(context, context.values.text("file"));
    ArchiveReader archive(*place, given_key(context));
    Wanted wanted{context.values.text("tenant-id"), context.values.boolean("replace"),
                  left_out(context.values)};
    if (wanted.tenant_id.empty()) wanted.tenant_id = archive.manifest().tenant_id;
    auto concerned = concerned_components(context.values, wanted, archive.manifest());
    const operation::RunOptions options{context.values.boolean("dry-run"), context.values.boolean("yes"),
                                        context.values.duration("wait")};
    const auto identity = operation::current_identity(context.command_line);
    if (options.dry_run) {
        ArchiveRestore operation(context, archive, std::move(wanted), std::move(concerned), [] {});
        operation::NoLock lock;
        operation::NoJournal journal;
        operation::run(operation, options, identity,
                       {lock, journal, context.reporter, context.prompt, context.stop});
        return ExitCode::done;
    }
    RestoreLocks locks(context, identity);
    add_locks(context, locks, concerned, wanted, archive.manifest());
    if (!locks.any())
        throw UsageError("nothing of the archive is left to restore", "Leave out --without, or name less.");
    ArchiveRestore operation(context, archive, std::move(wanted), std::move(concerned),
                             [&locks] { locks.require_held(); });
    operation::run(operation, options, identity,
                   {locks, locks.journal(), context.reporter, context.prompt, context.stop});
    return ExitCode::done;
}

ExitCode restore_undo_file(cli::Context& context) {
    refuse_options(context.values, {"replace", "key-from", "without", "postgres-programs"}, "an undo file");
    auto reader = undo::open(context, "file", context.values.text("file"));
    if (!reader.about().value("command", "").starts_with("is-db ")) {
        return key_space::restore_undo_file(context, std::move(reader));
    }
    refuse_options(context.values, {"overwrite", "keep-changed", "rate", "max-latency"},
                   "an undo file of the Identity Server");
    return identity_server::restore_undo_file(context, std::move(reader));
}

std::vector<settings::Option> options() {
    auto options = key_space::undo_restore_options();
    for (auto& option : options) {
        if (option.name == "tenant-id")
            option.description = "tenant that is meant: of an archive, the only one that is restored";
    }
    options.push_back({.name = "replace",
                       .type = settings::Type::boolean,
                       .description = "of an archive: remove what is there and differs"});
    for (auto& option : archive_options()) options.push_back(std::move(option));
    return options;
}

}  // namespace

cli::Command restore_command() {
    return {
        .name = "restore",
        .summary =
            "Bring back a deployment or tenant from its backup, or what a command removed from its undo file",
        .description =
            "A folder is an archive of the command backup: it goes into empty databases, those that the "
            "settings "
            "name. What is there as the archive has it stays, so the command can be given again after an end "
            "in "
            "the middle; anything else is in the way unless --replace says that it may go. Each schema comes "
            "back "
            "in one transaction, and is compared with the archive. Keys come back with the expiry times that "
            "they "
            "had; those that have expired meanwhile stay away. Stop the servers of the stack first. "
            "Until all is there, status, doctor and backup tell that it has not ended.\n\n"
            "A tenant alone (--tenant-id, or an archive of one tenant) leaves all others untouched.\n\n"
            "A file is an undo file. Keys, fields, members and rows come back where they are missing; what "
            "is "
            "there as it was stays. Where a key has another value by now, nothing is restored unless "
            "--keep-changed or --overwrite says what to do about it. An entry of a stream comes back at the "
            "end "
            "of the stream. Entities of the Identity Server come back as deleted ones, as they were.",
        .arguments = {{.name = "file",
                       .description = "the folder of a backup (s3://BUCKET/FOLDER too), or an undo file "
                                      "(s3://BUCKET/FOLDER/NAME.undo too)",
                       .value_name = "PATH",
                       .required = true}},
        .options = options(),
        .settings = archive_settings(),
        .examples = {{"restore /backups/monday --dry-run",
                      "see what would come back, and what is in the way"},
                     {"restore /backups/monday --tenant-id acme", "bring one tenant back"},
                     {"restore ns-purge-20260102T030405006Z-default.undo --dry-run",
                      "see what the file holds, and what of it is missing"},
                     {"restore ns-cleanup-20260102T030405006Z-default.undo --keep-changed",
                      "bring back what is missing, and leave what was written since"}},
        .effect = cli::Effect::writes,
        .disk_use = undo::file_to_read("file"),
        .run = [](cli::Context& context) {
            const auto& text = context.values.text("file");
            const auto path = context.surroundings.working_directory / text;
            return is_archive(path, text) ? restore_archive(context) : restore_undo_file(context);
        }};
}

}  // namespace tti::backup
