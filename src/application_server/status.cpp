#include "application_server/status.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "application_server/survey.hpp"
#include "cli/table.hpp"
#include "key_space/status.hpp"
#include "key_space/versions.hpp"

namespace tti::application_server {
namespace {

using lorawan::KeyKind;

std::string counts_text(const Survey& survey) {
    cli::Table table({"what", "count"});
    table.add({"end devices", std::to_string(survey.devices)});
    table.add({"of these to change", std::to_string(survey.to_change)});
    table.add({"of these broken", std::to_string(survey.broken.count())});
    table.add({"lists of old uplinks", std::to_string(survey.legacy_lists)});
    auto text = "\n" + table.text();
    if (!survey.broken.empty()) text += fmt::format("\nbroken: {}\n", survey.broken.text());
    return text;
}

nlohmann::json counts_data(const Survey& survey) {
    return {{"end_devices", survey.devices},
            {"to_change", survey.to_change},
            {"broken", survey.broken.count()},
            {"broken_records", survey.broken.data()},
            {"legacy_uplink_lists", survey.legacy_lists}};
}

ExitCode run_status(key_space::Session& session) {
    const auto version = key_space::read_version(session, KeyKind::as_schema_version);
    const bool look = key_space::looks_through(session.context().values);
    const auto found = look ? survey(session) : Survey();
    operation::Amounts left;
    add_if_any(left, "end devices to change", found.to_change);
    const auto standing = key_space::standing(session, operation::Area::application_server, version, left);
    auto text = fmt::format("schema version {}, newest {}\n{}\n{}", version, key_space::newest_version,
                            look ? counts_text(found) : "", key_space::next_text(standing));
    if (found.legacy_lists > 0) text += "tti-lw-stack as-db purge removes the lists of old uplinks\n";
    return key_space::tell(session, standing, text, look ? counts_data(found) : nlohmann::json::object());
}

}  // namespace

cli::Command status_command() {
    return {.name = "status",
            .summary = "Tell the schema version of the Application Server database and what is due",
            .description =
                "Reads every end device's record and changes nothing. The exit code tells whether "
                "a migration is due.",
            .options = key_space::status_options(),
            .settings = key_space::with_redis_settings(),
            .examples = {{"as-db status", "look at the database"},
                         {"as-db status --output json", "the same for a program"}},
            .run = [](cli::Context& context) {
                return key_space::run_reading(context, operation::Area::application_server, run_status);
            }};
}

}  // namespace tti::application_server
