#include "key_space/status.hpp"

#include <fmt/format.h>

#include "key_space/backups.hpp"
#include "key_space/versions.hpp"

namespace tti::key_space {

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

operation::Condition condition(Session& session, std::int32_t version, const operation::Amounts& left) {
    auto& connection = session.connection();
    operation::Condition result{.server = connection.server().version,
                                .database = connection.target().display(),
                                .version = version,
                                .newest_version = newest_version,
                                .backups = backups(connection)};
    if (version >= newest_version && !left.empty()) {
        result.differences.push_back(
            fmt::format("Version {} is recorded, and older data is there: {}.", version, describe(left)));
    }
    return result;
}

std::string server_text(const operation::Condition& condition) {
    const auto& backups = condition.backups;
    auto text =
        fmt::format("Redis {} at {}\n{}\n", condition.server, condition.database,
                    backups.text.empty() ? "the server does not tell what it keeps on disk" : backups.text);
    for (const auto& trouble : backups.troubles) text += trouble + "\n";
    return text;
}

}  // namespace tti::key_space
