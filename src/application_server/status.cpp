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

struct Status {
    std::int32_t version = 0;
    bool looked_through = false;  // else the survey is empty
    Survey survey;

    [[nodiscard]] ExitCode exit_code() const {
        if (version > key_space::newest_version) return ExitCode::newer_database;
        const bool due = version < key_space::newest_version || survey.to_change > 0;
        return due ? ExitCode::due : ExitCode::done;
    }
    [[nodiscard]] std::string next() const {
        if (exit_code() != ExitCode::due) return {};
        return version < key_space::newest_version ? "as-db migrate" : "as-db migrate --force";
    }
};

std::string next_command(const Status& status) {
    std::string text;
    if (status.exit_code() == ExitCode::newer_database) text += "next: use a newer tti-lw-stack\n";
    if (!status.next().empty()) text += fmt::format("next: tti-lw-stack {}\n", status.next());
    if (text.empty()) text = "nothing is due\n";
    if (status.survey.legacy_lists > 0) {
        text += "tti-lw-stack as-db purge removes the lists of old uplinks\n";
    }
    return text;
}

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

std::string to_text(const operation::Condition& condition, const Status& status) {
    return fmt::format("{}schema version {}, newest {}\n{}\n{}", key_space::server_text(condition),
                       status.version, key_space::newest_version,
                       status.looked_through ? counts_text(status.survey) : "", next_command(status));
}

nlohmann::json to_json(const Status& status) {
    nlohmann::json data{{"outcome", name_of(status.exit_code())}, {"looked_through", status.looked_through}};
    if (!status.looked_through) return data;
    data.update({{"end_devices", status.survey.devices},
                 {"to_change", status.survey.to_change},
                 {"broken", status.survey.broken.count()},
                 {"broken_records", status.survey.broken.data()},
                 {"legacy_uplink_lists", status.survey.legacy_lists}});
    return data;
}

ExitCode run_status(key_space::Session& session) {
    const bool look = key_space::looks_through(session.context().values);
    const Status status{key_space::read_version(session, KeyKind::as_schema_version), look,
                        look ? survey(session) : Survey()};
    operation::Amounts left;
    if (status.survey.to_change > 0) add(left, "end devices to change", status.survey.to_change);
    auto condition = key_space::condition(session, status.version, left);
    condition.next = status.next();
    auto data = to_json(status);
    add(data, condition);
    session.context().reporter.result(to_text(condition, status), data);
    return status.exit_code();
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
