#include "join_server/status.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/table.hpp"
#include "join_server/survey.hpp"
#include "key_space/status.hpp"
#include "key_space/versions.hpp"
#include "key_space/walk.hpp"

namespace tti::join_server {
namespace {

using lorawan::KeyKind;

struct Status {
    std::int32_t version = 0;
    std::size_t limit = 0;
    bool looked_through = false;  // else nothing below is known
    std::int64_t devices = 0;
    Survey survey{0};

    [[nodiscard]] ExitCode exit_code() const {
        if (version > key_space::newest_version) return ExitCode::newer_database;
        const bool due = version < key_space::newest_version || survey.due_pairs() > 0;
        return due ? ExitCode::due : ExitCode::done;
    }
    [[nodiscard]] std::string next() const {
        if (exit_code() != ExitCode::due) return {};
        return version < key_space::newest_version ? "js-db migrate" : "js-db migrate --force";
    }
};

std::int64_t count_devices(key_space::Session& session) {
    std::int64_t count = 0;
    key_space::walk(session, {.kinds = {KeyKind::js_device}}, {},
                    [&count](std::span<const key_space::FoundKey> page) { count += std::ssize(page); });
    return count;
}

std::string next_command(const Status& status) {
    switch (status.exit_code()) {
        case ExitCode::newer_database:
            return "next: use a newer tti-lw-stack\n";
        case ExitCode::due:
            return fmt::format("next: tti-lw-stack {}\n", status.next());
        default:
            return "nothing is due\n";
    }
}

std::string counts_text(const Status& status) {
    const auto& survey = status.survey;
    cli::Table table({"what", "count"});
    table.add({"end devices", std::to_string(status.devices)});
    table.add({"session keys", std::to_string(survey.session_keys)});
    table.add({"of these over the limit", std::to_string(survey.over_limit)});
    table.add({"of these without an end device", std::to_string(survey.orphan_keys)});
    table.add({"lists of session keys to write", std::to_string(survey.lists)});
    table.add({"broken", std::to_string(survey.faulty.count())});
    auto text = "\n" + table.text();
    if (!survey.faulty.empty()) text += fmt::format("\nbroken: {}\n", survey.faulty.text());
    return text;
}

std::string to_text(const operation::Condition& condition, const Status& status) {
    return fmt::format("{}schema version {}, newest {}; {}\n{}\n{}", key_space::server_text(condition),
                       status.version, key_space::newest_version,
                       status.limit == 0
                           ? std::string("every session key is kept")
                           : fmt::format("{} session keys are kept of an end device", status.limit),
                       status.looked_through ? counts_text(status) : "", next_command(status));
}

nlohmann::json to_json(const Status& status) {
    nlohmann::json data{{"outcome", name_of(status.exit_code())},
                        {"session_key_limit", status.limit},
                        {"looked_through", status.looked_through}};
    if (!status.looked_through) return data;
    const auto& survey = status.survey;
    data.update({{"end_devices", status.devices},
                 {"session_keys", survey.session_keys},
                 {"over_limit", survey.over_limit},
                 {"orphaned_session_keys", survey.orphan_keys},
                 {"orphans", survey.orphans},
                 {"lists_to_write", survey.lists},
                 {"broken", survey.faulty.count()},
                 {"broken_records", survey.faulty.data()}});
    return data;
}

Status read_status(key_space::Session& session) {
    Status status{.version = key_space::read_version(session, KeyKind::js_schema_version),
                  .limit = session_key_limit(session.context().values),
                  .looked_through = key_space::looks_through(session.context().values)};
    if (!status.looked_through) return status;
    status.devices = count_devices(session);
    status.survey = survey(session, status.limit);
    return status;
}

operation::Amounts left(const Survey& survey) {
    operation::Amounts left;
    if (survey.orphan_keys > 0) add(left, "session keys without an end device", survey.orphan_keys);
    if (survey.over_limit > 0) add(left, "session keys over the limit", survey.over_limit);
    if (survey.lists > 0) add(left, "lists of session keys to write", survey.lists);
    return left;
}

ExitCode run_status(key_space::Session& session) {
    const auto status = read_status(session);
    auto condition = key_space::condition(session, status.version, left(status.survey));
    condition.next = status.next();
    auto data = to_json(status);
    add(data, condition);
    session.context().reporter.result(to_text(condition, status), data);
    return status.exit_code();
}

}  // namespace

cli::Command status_command() {
    return {.name = "status",
            .summary = "Tell the schema version of the Join Server database and what is due",
            .description =
                "Looks at every session key and changes nothing. The exit code tells whether a "
                "migration is due.",
            .options = key_space::status_options(),
            .settings = key_space::with_redis_settings({"js.session-key-limit"}),
            .examples = {{"js-db status", "look at the database"},
                         {"js-db status --output json", "the same for a program"}},
            .run = [](cli::Context& context) {
                return key_space::run_reading(context, operation::Area::join_server, run_status);
            }};
}

}  // namespace tti::join_server
