#include "database/backups.hpp"

#include <fmt/format.h>

#include "util/text.hpp"

namespace tti::database {
namespace {

using nlohmann::json;

constexpr auto sql = R"(
SELECT current_setting('archive_mode') <> 'off', a.archived_count, a.failed_count,
       to_char(a.last_archived_time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       to_char(a.last_failed_time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       coalesce(a.last_failed_time > a.last_archived_time, a.last_failed_time IS NOT NULL),
       (SELECT count(*) FROM pg_stat_replication),
       (SELECT count(*) FROM pg_replication_slots WHERE slot_type = 'physical' AND NOT temporary),
       (SELECT string_agg(slot_name, ', ' ORDER BY slot_name) FROM pg_replication_slots
         WHERE slot_type = 'physical' AND wal_status = 'lost')
  FROM pg_stat_archiver a)";

std::string counted(std::int64_t number, std::string_view what) {
    return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

}  // namespace

operation::Backups backups(postgres::Connection& connection) {
    const auto row = connection.execute(sql);
    const auto text = [&row](int column) { return std::string(row.text(0, column)); };
    const auto archiving = row.boolean(0, 0);
    const auto failing = archiving && row.boolean(0, 5);
    const auto followers = row.integer(0, 6);
    const auto slots = row.integer(0, 7);
    operation::Backups result;
    std::vector<std::string> parts;
    if (archiving) {
        parts.push_back(row.is_null(0, 3) ? "WAL archiving is on, nothing archived yet"
                                          : fmt::format("WAL archived, the last at {}", text(3)));
    }
    if (followers > 0) parts.push_back(counted(followers, "server") + " following");
    if (slots > 0) parts.push_back(counted(slots, "replication slot"));
    if (failing) {
        result.troubles.push_back(fmt::format("WAL archiving fails since {}, {} so far.", text(4),
                                              counted(row.integer(0, 2), "failure")));
    }
    if (!row.is_null(0, 8)) {
        result.troubles.push_back(fmt::format("Replication slot {} has lost what it needs.", text(8)));
    }
    if (parts.empty()) return result;
    result.text = util::join(parts, "; ");
    result.data = {{"archiving", archiving},
                   {"archived", row.integer(0, 1)},
                   {"failed", row.integer(0, 2)},
                   {"last_archived_at", text(3)},
                   {"last_failed_at", text(4)},
                   {"followers", followers},
                   {"slots", slots}};
    return result;
}

}  // namespace tti::database
