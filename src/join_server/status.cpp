#include "join_server/status.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/table.hpp"
#include "join_server/survey.hpp"
#include "key_space/versions.hpp"
#include "key_space/walk.hpp"

namespace tti::join_server {
namespace {

using lorawan::KeyKind;

struct Status {
    std::int32_t version = 0;
    std::size_t limit = 0;
    std::int64_t devices = 0;
    Survey survey;

    [[nodiscard]] ExitCode exit_code() const {
        if (version > key_space::newest_version) return ExitCode::newer_database;
        const bool due = version < key_space::newest_version || survey.due_pairs() > 0;
        return due ? ExitCode::due : ExitCode::done;
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
            return fmt::format("next: tti-lw-stack js-db migrate{}\n",
                               status.version < key_space::newest_version ? "" : " --force");
        default:
            return "nothing is due\n";
    }
}

std::string to_text(key_space::Session& session, const Status& status) {
    const auto& survey = status.survey;
    cli::Table table({"what", "count"});
    table.add({"end devices", std::to_string(status.devices)});
    table.add({"session keys", std::to_string(survey.session_keys)});
    table.add({"of these over the limit", std::to_string(survey.over_limit)});
    table.add({"of these without an end device", std::to_string(survey.orphan_keys)});
    table.add({"lists of session keys to write", std::to_string(survey.lists)});
    table.add({"broken", std::to_string(survey.faulty.count())});
    auto text = fmt::format(
        "Redis {} at {}\nschema version {}, newest {}; {}\n\n{}\n", session.connection().server().version,
        session.connection().target().display(), status.version, key_space::newest_version,
        status.limit == 0 ? std::string("every session key is kept")
                          : fmt::format("{} session keys are kept of an end device", status.limit),
        table.text());
    if (!survey.faulty.empty()) text += fmt::format("broken: {}\n", survey.faulty.text());
    return text + next_command(status);
}

ExitCode run_status(key_space::Session& session) {
    const auto limit = session_key_limit(session.context().values);
    const Status status{key_space::read_version(session, KeyKind::js_schema_version), limit,
                        count_devices(session), survey(session, limit)};
    const auto code = status.exit_code();
    const auto& survey = status.survey;
    const nlohmann::json data{{"server", session.connection().server().version},
                              {"database", session.connection().target().display()},
                              {"outcome", name_of(code)},
                              {"version", status.version},
                              {"newest_version", key_space::newest_version},
                              {"session_key_limit", limit},
                              {"end_devices", status.devices},
                              {"session_keys", survey.session_keys},
                              {"over_limit", survey.over_limit},
                              {"orphaned_session_keys", survey.orphan_keys},
                              {"orphans", survey.orphans},
                              {"lists_to_write", survey.lists},
                              {"broken", survey.faulty.count()},
                              {"broken_records", survey.faulty.data()}};
    session.context().reporter.result(to_text(session, status), data);
    return code;
}

}  // namespace

cli::Command status_command() {
    return {.name = "status",
            .summary = "Tell the schema version of the Join Server database and what is due",
            .description =
                "Looks at every session key and changes nothing. The exit code tells whether a "
                "migration is due.",
            .options = key_space::bulk_options(),
            .settings = key_space::with_redis_settings({"js.session-key-limit"}),
            .examples = {{"js-db status", "look at the database"},
                         {"js-db status --output json", "the same for a program"}},
            .run = [](cli::Context& context) {
                return key_space::run_reading(context, operation::Area::join_server, run_status);
            }};
}

}  // namespace tti::join_server
