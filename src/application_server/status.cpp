#include "application_server/status.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "application_server/survey.hpp"
#include "cli/table.hpp"
#include "key_space/versions.hpp"

namespace tti::application_server {
namespace {

using lorawan::KeyKind;

struct Status {
    std::int32_t version = 0;
    Survey survey;

    [[nodiscard]] ExitCode exit_code() const {
        if (version > key_space::newest_version) return ExitCode::newer_database;
        const bool due = version < key_space::newest_version || survey.to_change > 0;
        return due ? ExitCode::due : ExitCode::done;
    }
};

std::string next_command(const Status& status) {
    std::string text;
    if (status.exit_code() == ExitCode::newer_database) text += "next: use a newer tti-lw-stack\n";
    if (status.exit_code() == ExitCode::due) {
        text += fmt::format("next: tti-lw-stack as-db migrate{}\n",
                            status.version < key_space::newest_version ? "" : " --force");
    }
    if (text.empty()) text = "nothing is due\n";
    if (status.survey.legacy_lists > 0) {
        text += "tti-lw-stack as-db purge removes the lists of old uplinks\n";
    }
    return text;
}

std::string to_text(key_space::Session& session, const Status& status) {
    const auto& survey = status.survey;
    cli::Table table({"what", "count"});
    table.add({"end devices", std::to_string(survey.devices)});
    table.add({"of these to change", std::to_string(survey.to_change)});
    table.add({"of these broken", std::to_string(survey.broken.count())});
    table.add({"lists of old uplinks", std::to_string(survey.legacy_lists)});
    auto text = fmt::format("Redis {} at {}\nschema version {}, newest {}\n\n{}\n",
                            session.connection().server().version, session.connection().target().display(),
                            status.version, key_space::newest_version, table.text());
    if (!survey.broken.empty()) text += fmt::format("broken: {}\n", survey.broken.text());
    return text + next_command(status);
}

ExitCode run_status(key_space::Session& session) {
    const Status status{key_space::read_version(session, KeyKind::as_schema_version), survey(session)};
    const auto code = status.exit_code();
    const nlohmann::json data{{"server", session.connection().server().version},
                              {"database", session.connection().target().display()},
                              {"outcome", name_of(code)},
                              {"version", status.version},
                              {"newest_version", key_space::newest_version},
                              {"end_devices", status.survey.devices},
                              {"to_change", status.survey.to_change},
                              {"broken", status.survey.broken.count()},
                              {"broken_records", status.survey.broken.data()},
                              {"legacy_uplink_lists", status.survey.legacy_lists}};
    session.context().reporter.result(to_text(session, status), data);
    return code;
}

}  // namespace

cli::Command status_command() {
    return {.name = "status",
            .summary = "Tell the schema version of the Application Server database and what is due",
            .description =
                "Reads every end device's record and changes nothing. The exit code tells whether "
                "a migration is due.",
            .options = key_space::bulk_options(),
            .settings = key_space::with_redis_settings(),
            .examples = {{"as-db status", "look at the database"},
                         {"as-db status --output json", "the same for a program"}},
            .run = [](cli::Context& context) {
                return key_space::run_reading(context, operation::Area::application_server, run_status);
            }};
}

}  // namespace tti::application_server
