#include "identity_server/cleanup.hpp"

#include "identity_server/cleanup_operation.hpp"
#include "identity_server/command_parts.hpp"

namespace tti::identity_server {
namespace {

std::vector<settings::Option> cleanup_options() {
    using settings::Type;
    std::vector<settings::Option> options{
        tenant_option("tenant to clean up; the one of is.database-uri when left out"),
        {.name = "all-tenants", .type = Type::boolean, .description = "clean up every tenant"},
        {.name = "max-delete",
         .description = "refuse when more entities of a kind, or orphans of a table, would go",
         .value_name = "N|N%"},
        {.name = "batch",
         .type = Type::integer,
         .description = "entities per transaction",
         .value_name = "N",
         .default_text = std::to_string(default_batch)}};
    for (auto& option : undo::place_options()) options.push_back(std::move(option));
    return options;
}

}  // namespace

cli::Command cleanup_command() {
    return {.name = "cleanup",
            .summary = "Delete for good what was deleted longer ago than it can be restored",
            .description =
                "Applications, users, organizations, gateways and OAuth clients that were deleted longer "
                "than is.delete.restore "
                "ago go with everything that depends on them, and so do rows whose owner does not exist. An "
                "entity that is restored "
                "while this runs stays.\n\n"
                "What is deleted is first written to an undo file, which is-db restore plays back. The file "
                "holds password hashes "
                "and tokens; only its owner can read it, and in S3 whoever may read that place. Each batch "
                "is one transaction: after an end in the "
                "middle, the same command "
                "continues.",
            .options = cleanup_options(),
            .settings = with_database_settings({"is.delete.restore"}),
            .examples = {{"is-db cleanup --dry-run", "see the rows that would go, table by table"},
                         {"is-db cleanup --yes --max-delete=5%",
                          "clean up, unless more than one in twenty of a kind would go"},
                         {"is-db cleanup --all-tenants --yes --undo-to=/mnt/backup/undo",
                          "clean up every tenant"},
                         {"is-db cleanup --yes --undo-to=s3://operations/undo",
                          "keep the undo file in S3, as in a task on ECS"}},
            .effect = cli::Effect::writes,
            .disk_use = undo::disk_use,
            .run = [](cli::Context& context) {
                const auto request = cleanup_request(context.values);
                const auto place = undo::place(context);
                return run_writing(context, Tables::as_they_are, [&](Session& session) {
                    auto tenants = context.values.boolean("all-tenants") ? session.all_tenants()
                                                                         : selected_tenants(session);
                    return std::make_unique<CleanupOperation>(session, std::move(tenants), request, place);
                });
            }};
}

}  // namespace tti::identity_server
