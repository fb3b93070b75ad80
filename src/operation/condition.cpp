#include "operation/condition.hpp"

namespace tti::operation {

using nlohmann::json;

void add(json& data, const Condition& condition) {
    const auto& backups = condition.backups;
    data.update(
        {{"server", condition.server},
         {"database", condition.database},
         {"version", condition.version},
         {"newest_version", condition.newest_version},
         {"differences", condition.differences},
         {"troubles", condition.troubles},
         {"next", condition.next},
         {"backups", {{"text", backups.text}, {"told", backups.data}, {"troubles", backups.troubles}}}});
}

Condition condition_of(const json& data) {
    const auto backups = data.value("backups", json::object());
    return {.server = data.value("server", ""),
            .database = data.value("database", ""),
            .version = data.value("version", json()),
            .newest_version = data.value("newest_version", json()),
            .differences = data.value("differences", std::vector<std::string>()),
            .troubles = data.value("troubles", std::vector<std::string>()),
            .next = data.value("next", ""),
            .backups = {.text = backups.value("text", ""),
                        .data = backups.value("told", json()),
                        .troubles = backups.value("troubles", std::vector<std::string>())}};
}

}  // namespace tti::operation
