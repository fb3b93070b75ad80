#include "key_space/status.hpp"

#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "device_claiming_server/commands.hpp"
#include "device_claiming_server/left_over.hpp"
#include "key_space/versions.hpp"

namespace tti::device_claiming_server {
namespace {

std::string left_over_text(const LeftOver& left_over) {
    auto text = fmt::format("{} keys of earlier releases\n", left_over.keys);
    return left_over.keys > 0 ? text + "\n" + describe(left_over) : text;
}

ExitCode status(key_space::Session& session) {
    const auto version = key_space::read_version(session, lorawan::KeyKind::dcs_schema_version);
    std::optional<LeftOver> left_over;
    if (key_space::looks_through(session.context().values)) left_over = count_left_over(session);
    auto standing = key_space::standing(session, operation::Area::device_claiming_server, version, {});
    if (standing.code == ExitCode::done && left_over && left_over->keys > 0)
        standing.condition.next = "dcs-db purge";
    auto data = nlohmann::json::object();
    if (left_over) data = {{"left_over", left_over->by_name}, {"left_over_keys", left_over->keys}};
    return key_space::tell(
        session, standing,
        fmt::format("\nschema version {}, newest {}\n{}\n{}", version, key_space::newest_version,
                    left_over ? left_over_text(*left_over) : "", key_space::next_text(standing)),
        std::move(data));
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
