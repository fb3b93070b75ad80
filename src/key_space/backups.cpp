#include "key_space/backups.hpp"

#include <charconv>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "redis/server_info.hpp"

namespace tti::key_space {
namespace {

constexpr std::int64_t microseconds = 1'000'000;

std::int64_t number(std::string_view text) {
    std::int64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

std::string time_text(std::int64_t seconds) {
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(seconds));
}

// A server that has just started says that it saved then.
bool saved_since_start(redis::InfoFields& fields) {
    const auto started =
        number(fields["server_time_usec"]) / microseconds - number(fields["uptime_in_seconds"]);
    return number(fields["rdb_last_save_time"]) > started + 1;
}

bool saves_by_itself(redis::Connection& connection) {
    try {
        const auto reply = connection.call("CONFIG", "GET", "save");
        return reply->size() != 2 || !reply.view()[1].text().empty();
    } catch (const redis::ServerError&) {
        return true;  // managed servers do not let anybody ask
    }
}

}  // namespace

operation::Backups backups(std::string_view info, bool saves) {
    auto fields = redis::info_fields(info);
    if (!fields.contains("rdb_last_save_time")) return {};
    const auto last = time_text(number(fields["rdb_last_save_time"]));
    const bool saved = saved_since_start(fields);
    const bool append_only = fields["aof_enabled"] == "1";
    operation::Backups result;
    result.text = fmt::format("append-only file {}; {}", append_only ? "on" : "off",
                              saved ? "last snapshot at " + last : "no snapshot since the server started");
    result.data = {{"append_only_file", append_only},
                   {"snapshots_by_itself", saves},
                   {"last_snapshot_at", saved ? nlohmann::json(last) : nlohmann::json()},
                   {"changes_since", number(fields["rdb_changes_since_last_save"])}};
    if (!append_only && !saves) {
        result.troubles.emplace_back("Redis writes nothing to disk: a restart loses every device session.");
    }
    if (fields["rdb_last_bgsave_status"] == "err") {
        result.troubles.emplace_back("The last snapshot of Redis failed.");
    }
    if (append_only &&
        (fields["aof_last_write_status"] == "err" || fields["aof_last_bgrewrite_status"] == "err")) {
        result.troubles.emplace_back("Writing the append-only file of Redis failed.");
    }
    return result;
}

operation::Backups backups(redis::Connection& connection) {
    try {
        const auto info = connection.call("INFO");
        return backups(info->text(), saves_by_itself(connection));
    } catch (const redis::ServerError&) {
        return {};
    }
}

}  // namespace tti::key_space
