#include "stale_records/cleanup_command.hpp"

#include <fmt/format.h>

#include "key_space/undo.hpp"
#include "stale_records/cleanup_operation.hpp"
#include "util/error.hpp"

namespace tti::stale_records {
namespace {

std::vector<settings::Option> options() {
    auto all = key_space::bulk_options();
    for (const auto& more : {identity_source_options(), key_space::undo_options()}) {
        all.insert(all.end(), more.begin(), more.end());
    }
    return all;
}

std::string description(const std::string& what_goes) {
    return what_goes +
           "\n\nThe Identity Server is asked through its database where is.database-uri is set (the tenant's "
           "schema with "
           "--tenant-id), else over gRPC at cluster.identity-server with cluster.keys; then all pages are "
           "asked for at "
           "least twice in different order, until as many are known as it counts. Just before it is removed, "
           "every "
           "record is asked about once more. One that is in use, or changes meanwhile, is tried again.\n\n"
           "Nothing is removed after an empty or short answer, nor when more than --max-delete of a kind "
           "would go. What "
           "is removed is first written to an undo file, which restore plays back. The file holds keys of "
           "devices; only "
           "its owner can read it, and in S3 whoever may read that place.";
}

}  // namespace

cli::Command cleanup_command(Cleanup cleanup) {
    auto settings = identity_source_settings();
    settings.insert(settings.end(), cleanup.settings.begin(), cleanup.settings.end());
    return {.name = "cleanup",
            .summary = std::move(cleanup.summary),
            .description = description(cleanup.what_goes),
            .options = options(),
            .settings = key_space::with_redis_settings(std::move(settings)),
            .examples = {{cleanup.group + " cleanup --dry-run", "see what would go, one ID a line"},
                         {cleanup.group + " cleanup --yes --max-delete=100",
                          "clean up, unless more than 100 of a kind would go"},
                         {cleanup.group + " cleanup --yes --undo-to=/mnt/backup/undo --rate=2000/s",
                          "go gently, and keep the undo file on a disk that lasts"}},
            .effect = cli::Effect::writes,
            .disk_use = undo::disk_use,
            .run = [scope = std::move(cleanup.scope)](cli::Context& context) {
                auto chosen = scope(context.values);
                const auto allowed = operation::deletion_limit(context.values).value();
                const auto place = undo::place(context);
                return key_space::run_writing(context, chosen.area, [&](key_space::Session& session) {
                    return std::make_unique<CleanupOperation>(session, chosen, allowed, place);
                });
            }};
}

}  // namespace tti::stale_records
