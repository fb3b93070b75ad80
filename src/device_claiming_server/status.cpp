#include "key_space/status.hpp"

#include <optional>

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

std::string next(ExitCode code, const std::optional<LeftOver>& left_over) {
    if (code == ExitCode::due) return "dcs-db migrate";
    return code == ExitCode::done && left_over && left_over->keys > 0 ? "dcs-db purge" : "";
}

std::string next_text(ExitCode code, const std::string& next) {
    if (code == ExitCode::newer_database) return "next: use a newer tti-lw-stack\n";
    return next.empty() ? "nothing is due\n" : fmt::format("next: tti-lw-stack {}\n", next);
}

std::string left_over_text(const LeftOver& left_over) {
    auto text = fmt::format("{} keys of earlier releases\n", left_over.keys);
    return left_over.keys > 0 ? text + "\n" + describe(left_over) : text;
}

ExitCode status(key_space::Session& session) {
    const auto version = key_space::read_version(session, lorawan::KeyKind::dcs_schema_version);
    std::optional<LeftOver> left_over;
    if (key_space::looks_through(session.context().values)) left_over = count_left_over(session);
    const auto code = exit_code(version);
    auto condition = key_space::condition(session, version, {});
    condition.next = next(code, left_over);
    nlohmann::json data{{"outcome", name_of(code)}, {"looked_through", left_over.has_value()}};
    if (left_over) {
        data.update({{"left_over", left_over->by_name}, {"left_over_keys", left_over->keys}});
    }
    add(data, condition);
    session.context().reporter.result(
        fmt::format("{}\nschema version {}, newest {}\n{}\n{}", key_space::server_text(condition), version,
                    newest_version, left_over ? left_over_text(*left_over) : "",
                    next_text(code, condition.next)),
        data);
    return code;
}

}  // namespace

cli::Command status_command() {
    return {.name = "status",
            .summary = "Tell the schema version, and what earlier releases left",
            .description = "Reads only. The exit code tells whether something is due.",
            .options = key_space::status_options(),
            .settings = key_space::with_redis_settings(),
            .examples = {{"dcs-db status", "look at it"},
                         {"dcs-db status --output json", "the same for a program"}},
            .run = [](cli::Context& context) {
                return key_space::run_reading(context, operation::Area::device_claiming_server, status);
            }};
}

}  // namespace tti::device_claiming_server
