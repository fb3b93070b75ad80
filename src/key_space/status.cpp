#include "key_space/status.hpp"

#include <fmt/format.h>

#include "key_space/backups.hpp"
#include "key_space/versions.hpp"

namespace tti::key_space {
namespace {

// "Redis 7.0.15 at localhost:6379", and what it keeps on disk.
std::string server_text(const operation::Condition& condition) {
    const auto& backups = condition.backups;
    auto text =
        fmt::format("Redis {} at {}\n{}\n", condition.server, condition.database,
                    backups.text.empty() ? "the server does not tell what it keeps on disk" : backups.text);
    for (const auto& trouble : backups.troubles) text += trouble + "\n";
    return text;
}

}  // namespace

std::vector<settings::Option> status_options() {
    auto options = bulk_options();
    options.push_back({.name = "quick",
                       .type = settings::Type::boolean,
                       .description = "go by the recorded version alone, without a look at the keys"});
    return options;
}

bool looks_through(const settings::Values& values) {
    return !values.boolean("quick");
}

Standing standing(Session& session, operation::Area area, std::int32_t version,
                  const operation::Amounts& left) {
    auto& connection = session.connection();
    Standing result{.condition = {.server = connection.server().version,
                                  .database = connection.target().display(),
                                  .version = version,
                                  .newest_version = newest_version,
                                  .backups = backups(connection)}};
    if (version > newest_version) result.code = ExitCode::newer_database;
    if (version >= newest_version && !left.empty()) {
        result.condition.differences.push_back(
            fmt::format("Version {} is recorded, and older data is there: {}.", version, describe(left)));
    }
    if (version < newest_version || (version == newest_version && !left.empty())) {
        result.code = ExitCode::due;
        result.condition.next =
            fmt::format("{}-db migrate{}", describe(area), version < newest_version ? "" : " --force");
    }
    return result;
}

std::string next_text(const Standing& standing, std::string_view nothing) {
    if (standing.code == ExitCode::newer_database) return "next: use a newer tti-lw-stack\n";
    const auto& next = standing.condition.next;
    return next.empty() ? fmt::format("{}\n", nothing) : fmt::format("next: tti-lw-stack {}\n", next);
}

ExitCode tell(Session& session, const Standing& standing, const std::string& text, nlohmann::json data) {
    const auto& context = session.context();
    data["outcome"] = name_of(standing.code);
    data["looked_through"] = looks_through(context.values);
    add(data, standing.condition);
    context.reporter.result(server_text(standing.condition) + text, data);
    return standing.code;
}

}  // namespace tti::key_space
