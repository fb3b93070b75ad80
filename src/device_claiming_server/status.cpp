#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "device_claiming_server/commands.hpp"
#include "device_claiming_server/left_over.hpp"
#include "key_space/versions.hpp"

namespace tti::device_claiming_server {
namespace {

using key_space::newest_version;

ExitCode exit_code(std::int32_t version) {
    if (version > newest_version) return ExitCode::newer_database;
    return version < newest_version ? ExitCode::due : ExitCode::done;
}

std::string next(ExitCode code, const LeftOver& left_over) {
    if (code == ExitCode::newer_database) return "next: use a newer tti-lw-stack\n";
    if (code == ExitCode::due) return "next: tti-lw-stack dcs-db migrate\n";
    return left_over.keys > 0 ? "next: tti-lw-stack dcs-db purge\n" : "nothing is due\n";
}

ExitCode status(key_space::Session& session) {
    const auto& connection = session.connection();
    const auto version = key_space::read_version(session, lorawan::KeyKind::dcs_schema_version);
    const auto left_over = count_left_over(session);
    const auto code = exit_code(version);
    auto text = fmt::format("Redis {} at {}\n\nschema version {}, wanted {}\n{} keys of earlier releases\n",
                            connection.server().version, connection.target().display(), version,
                            newest_version, left_over.keys);
    if (left_over.keys > 0) text += "\n" + describe(left_over);
    session.context().reporter.result(text + "\n" + next(code, left_over),
                                      {{"server", connection.server().version},
                                       {"database", connection.target().display()},
                                       {"outcome", name_of(code)},
                                       {"schema_version", version},
                                       {"wanted_schema_version", newest_version},
                                       {"left_over", left_over.by_name},
                                       {"left_over_keys", left_over.keys}});
    return code;
}

}  // namespace

cli::Command status_command() {
    return {.name = "status",
            .summary = "Tell the schema version, and what earlier releases left",
            .description = "Reads only. The exit code tells whether something is due.",
            .options = key_space::bulk_options(),
            .settings = key_space::with_redis_settings(),
            .examples = {{"dcs-db status", "look at it"},
                         {"dcs-db status --output json", "the same for a program"}},
            .run = [](cli::Context& context) {
                return key_space::run_reading(context, operation::Area::device_claiming_server, status);
            }};
}

}  // namespace tti::device_claiming_server
