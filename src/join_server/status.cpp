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
};

std::int64_t count_devices(key_space::Session& session) {
    std::int64_t count = 0;
    key_space::walk(session, {.kinds = {KeyKind::js_device}}, {},
                    [&count](std::span<const key_space::FoundKey> page) { count += std::ssize(page); });
    return count;
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

nlohmann::json to_json(const Status& status) {
    nlohmann::json data{{"session_key_limit", status.limit}};
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

Status read_status(key_space::Session& session, std::size_t limit) {
    Status status{.version = key_space::read_version(session, KeyKind::js_schema_version),
                  .limit = limit,
                  .looked_through = key_space::looks_through(session.context().values)};
    if (!status.looked_through) return status;
    status.devices = count_devices(session);
    status.survey = survey(session, limit);
    return status;
}

operation::Amounts left(const Survey& survey) {
    operation::Amounts left;
    add_if_any(left, "session keys without an end device", survey.orphan_keys);
    add_if_any(left, "session keys over the limit", survey.over_limit);
    add_if_any(left, "lists of session keys to write", survey.lists);
    return left;
}

ExitCode run_status(key_space::Session& session, std::size_t limit) {
    const auto status = read_status(session, limit);
    const auto standing =
        key_space::standing(session, operation::Area::join_server, status.version, left(status.survey));
    const auto text = fmt::format(
        "schema version {}, newest {}; {}\n{}\n{}", status.version, key_space::newest_version,
        status.limit == 0 ? std::string("every session key is kept")
                          : fmt::format("{} session keys are kept of an end device", status.limit),
        status.looked_through ? counts_text(status) : "", key_space::next_text(standing));
    return key_space::tell(session, standing, text, to_json(status));
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
                const auto limit = session_key_limit(context.values);
                return key_space::run_reading(
                    context, operation::Area::join_server,
                    [limit](key_space::Session& session) { return run_status(session, limit); });
            }};
}

}  // namespace tti::join_server
