#include "identity_server/restore.hpp"

#include <fmt/format.h>

#include "identity_server/cleanup.hpp"
#include "identity_server/command_parts.hpp"
#include "identity_server/restore_operation.hpp"
#include "undo/open.hpp"

namespace tti::identity_server {
namespace {

void require_ours(const operation::UndoReader& reader) {
    if (reader.about().value("command", "") != "is-db cleanup") {
        throw UsageError(
            fmt::format("{} was written by \"{}\"", reader.name(), reader.about().value("command", "")),
            "Give the path of a file that is-db cleanup wrote.");
    }
}

}  // namespace

ExitCode restore_undo_file(cli::Context& context, operation::UndoReader reader) {
    require_ours(reader);
    auto id = tenant_argument(context.values);
    if (id.empty()) id = reader.about().value("tenant_id", "");
    return run_writing(context, Tables::as_they_are, [&](Session& session) {
        return std::make_unique<RestoreOperation>(session, session.tenant(id), std::move(reader));
    });
}

cli::Command restore_command() {
    return {
        .name = "restore",
        .summary = "Bring back what a cleanup deleted, from its undo file",
        .description =
            "Rows are inserted where they are missing; what is there stays as it is. Entities come back as "
            "deleted ones, as "
            "they were, so that the stack can restore them until the next cleanup. One whose ID was taken "
            "meanwhile stays away with everything that depends on it, and is named.",
        .options = {{.name = "from",
                     .description = "the undo file, s3://BUCKET/FOLDER/NAME.undo too",
                     .value_name = "FILE",
                     .required = true},
                    tenant_option("tenant to restore into; the file's own when left out")},
        .settings = with_database_settings(),
        .examples = {{"is-db restore --from=is-cleanup-20260102T030405006Z-default.undo --dry-run",
                      "see what the file holds"}},
        .effect = cli::Effect::writes,
        .disk_use = undo::file_to_read("from"),
        .run = [](cli::Context& context) {
            return restore_undo_file(context, undo::open(context, "from", context.values.text("from")));
        }};
}

}  // namespace tti::identity_server
