#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "stack/database_status.hpp"
#include "stack/tenants_behind.hpp"

namespace tti::stack {

struct StatusRequest {
    bool quick = false;
    std::chrono::milliseconds limit{0};  // for each database
};

// Tenants besides the default one, in how many of their name spaces in Redis versions are not recorded, and
// which of these hold keys, so that a migration is due.
struct TenantStatus {
    struct NotRecorded {
        std::string group;
        std::int64_t tenants = 0;
    };
    std::size_t tenants = 0;
    std::vector<NotRecorded> not_recorded;  // of each Redis database; empty where Redis was not asked
    std::vector<TenantBehind> behind;       // not looked for by a quick look, since it takes a walk
};

// All databases that the settings name, at one time.
struct StackStatus {
    std::string at;  // "2026-11-30T18:00:00Z"
    std::vector<DatabaseStatus> databases;
    TenantStatus tenants;
    bool addresses_given = true;  // else they are the defaults, and nothing answers there

    [[nodiscard]] ExitCode code() const;  // the most urgent of all
    // The commands to give, in order, without the program's name.
    [[nodiscard]] std::vector<std::string> next() const;
};

// Asks all of them at once. Throws InterruptedError when `stop` asks for an end, UsageError for settings that
// concern all.
StackStatus stack_status(cli::Context& context, const StatusRequest& request);

nlohmann::json to_json(const StackStatus& status);

}  // namespace tti::stack
