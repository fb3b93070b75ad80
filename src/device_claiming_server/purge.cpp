#include <fmt/format.h>

#include "device_claiming_server/commands.hpp"
#include "device_claiming_server/left_over.hpp"
#include "key_space/purge_operation.hpp"

namespace tti::device_claiming_server {
namespace {

using key_space::Session;

// The keys of a tenant "dcs" of the stack would lie here too; they are nothing to purge.
void refuse_a_tenants_keys(Session& session, operation::Plan& plan) {
    std::int64_t foreign = 0;
    std::string example;
    key_space::walk(session, {.kinds = {lorawan::KeyKind::dcs_any}}, {}, [&](auto page) {
        for (const auto& found : page) {
            if (!looks_like_a_tenant(session, found)) continue;
            ++foreign;
            example = found.key;
        }
    });
    if (foreign == 0) return;
    plan.refusals.push_back(fmt::format(
        "{} keys are those of a deployment whose name space ends in \"dcs\", such as {}", foreign, example));
    plan.refusal_hint =
        "Nothing of the Device Claiming Server looks like that; remove them by hand if you must.";
}

key_space::Purge purge() {
    return {.command = "dcs-db purge",
            .title = "purge what releases before 3.26 left of device claiming",
            .why = "no release since 3.26 reads them",
            .nothing = "there is nothing left of device claiming",
            .kinds = {lorawan::KeyKind::dcs_any},
            .look = refuse_a_tenants_keys};
}

}  // namespace

cli::Command purge_command() {
    return {.name = "purge",
            .summary = "Remove what releases before 3.26 left of device claiming",
            .description =
                "Everything below dcs but the schema version goes: releases since 3.26 keep no registry of "
                "authorized applications.\n\n"
                "What goes is first written to an undo file, which restore plays back, unless --no-undo is "
                "given.",
            .options = key_space::purge_options(),
            .settings = key_space::with_redis_settings(),
            .examples = {{"dcs-db purge --dry-run", "see how much there is"},
                         {"dcs-db purge --yes", "remove it, and keep an undo file"}},
            .effect = cli::Effect::writes,
            .disk_use = undo::disk_use,
            .run = [](cli::Context& context) {
                const auto place = undo::place(context);
                return key_space::run_writing(
                    context, operation::Area::device_claiming_server, [&](Session& session) {
                        return std::make_unique<key_space::PurgeOperation>(session, purge(), place);
                    });
            }};
}

}  // namespace tti::device_claiming_server
