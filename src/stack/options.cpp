#include "stack/options.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "key_space/session.hpp"
#include "stack/databases.hpp"
#include "util/error.hpp"

namespace tti::stack {

settings::Option timeout_option() {
    return {.name = "timeout",
            .type = settings::Type::duration,
            .description = "how long each database has to answer",
            .value_name = "DURATION",
            .default_text = "10s"};
}

std::chrono::milliseconds timeout(const settings::Values& values) {
    const auto limit = std::chrono::floor<std::chrono::milliseconds>(values.duration("timeout"));
    if (limit > std::chrono::milliseconds(0)) return limit;
    throw UsageError(fmt::format("option --timeout = {}: accepted: a millisecond or more",
                                 values.display("timeout", false)),
                     "Leave it out for ten seconds.");
}

std::vector<std::string> all_settings() {
    auto names = key_space::with_redis_settings();
    for (const auto& name : naming_settings()) {
        if (std::ranges::find(names, name) == names.end()) names.push_back(name);
    }
    return names;
}

}  // namespace tti::stack
