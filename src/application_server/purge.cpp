#include "application_server/purge.hpp"

#include "key_space/purge_operation.hpp"

namespace tti::application_server {
namespace {

key_space::Purge purge() {
    return {.command = "as-db purge",
            .title = "purge the uplinks that releases up to 3.26 stored",
            .why = "no release since 3.27 reads them",
            .nothing = "there are no uplinks stored by releases up to 3.26",
            .kinds = {lorawan::KeyKind::as_legacy_uplinks}};
}

}  // namespace

cli::Command purge_command() {
    return {
        .name = "purge",
        .summary = "Remove the uplinks that releases up to 3.26 stored",
        .description =
            "Up to release 3.26 the Application Server kept the last uplinks of every end device in a list. "
            "Releases since 3.27 neither write nor read those lists. They go whole, in one pass.\n\n"
            "What goes is first written to an undo file, which restore plays back, unless --no-undo is "
            "given.",
        .options = key_space::purge_options(),
        .settings = key_space::with_redis_settings(),
        .examples = {{"as-db purge --dry-run", "see of how many end devices there are uplinks"},
                     {"as-db purge --yes", "remove them, and keep an undo file"},
                     {"as-db purge --yes --no-undo", "remove them for good"}},
        .effect = cli::Effect::writes,
        .disk_use = undo::disk_use,
        .run = [](cli::Context& context) {
            const auto place = undo::place(context);
            return key_space::run_writing(
                context, operation::Area::application_server, [&](key_space::Session& session) {
                    return std::make_unique<key_space::PurgeOperation>(session, purge(), place);
                });
        }};
}

}  // namespace tti::application_server
