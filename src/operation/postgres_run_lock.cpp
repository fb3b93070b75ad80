#include "operation/postgres_run_lock.hpp"

#include <fmt/format.h>

#include "operation/holder.hpp"
#include "postgres/lock_safe.hpp"

namespace tti::operation {
namespace {

constexpr int lock_class = 0x747469;  // "tti"
constexpr std::chrono::milliseconds poll_interval{250};

postgres::Parameter number(int value) {
    return std::to_string(value);
}

}  // namespace

std::string lock_application_name() {
    const auto identity = current_identity("");
    const auto suffix = fmt::format(":{}", identity.pid);
    constexpr std::size_t longest = 63;  // NAMEDATALEN - 1
    const std::string prefix = "tti-lw-stack@";
    return prefix + identity.host.substr(0, longest - prefix.size() - suffix.size()) + suffix;
}

bool PostgresRunLock::try_lock() {
    return connection_
        .query("SELECT pg_try_advisory_lock($1::int, $2::int)",
               {number(lock_class), number(static_cast<int>(area_))})
        .boolean(0, 0);
}

std::optional<PostgresRunLock::Other> PostgresRunLock::journalled(std::string_view backend_pid) {
    if (connection_.execute("SELECT to_regclass('tti.operations')").is_null(0, 0)) return std::nullopt;
    const auto row = connection_.query(
        "SELECT operator, host, pid, coalesce(task, ''), to_char(started_at, 'YYYY-MM-DD HH24:MI:SS "
        "\"UTC\"'), "
        "command, coalesce(step, ''), coalesce(percent, 0) FROM tti.operations "
        "WHERE area = $1 AND outcome = 'running' AND backend_pid = $2::int ORDER BY id DESC LIMIT 1",
        {std::string(describe(area_)), std::string(backend_pid)});
    if (row.empty()) return std::nullopt;
    const auto text = [&row](int column) { return std::string(row.text(0, column)); };
    const Holder holder{{.user = text(0),
                         .host = text(1),
                         .pid = static_cast<int>(row.integer(0, 2)),
                         .task = text(3),
                         .version = {},
                         .command = text(5)},
                        text(4),
                        text(6),
                        static_cast<int>(row.integer(0, 7))};
    return Other{describe(holder), hint_for(holder)};
}

std::optional<PostgresRunLock::Other> PostgresRunLock::other() {
    const auto session = connection_.query(
        "SELECT a.pid, a.application_name, to_char(a.backend_start, 'YYYY-MM-DD HH24:MI:SS \"UTC\"') "
        "FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid "
        "WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2 AND l.classid = $1::int "
        "AND l.objid = $2::int AND l.database = (SELECT oid FROM pg_database WHERE datname = "
        "current_database())",
        {number(lock_class), number(static_cast<int>(area_))});
    if (session.empty()) return std::nullopt;
    if (auto other = journalled(session.text(0, 0))) return other;
    return Other{fmt::format("{}, since {}", session.text(0, 1), session.text(0, 2)), hint_for({})};
}

void PostgresRunLock::acquire(std::chrono::nanoseconds wait) {
    const auto deadline = std::chrono::steady_clock::now() + wait;
    bool told = false;
    while (!try_lock()) {
        const auto holder = other();
        if (!holder) continue;  // it was released between the two questions
        if (std::chrono::steady_clock::now() >= deadline) {
            throw LockedError(fmt::format("another run holds the lock of this database: {}", holder->who),
                              holder->hint);
        }
        if (!told) reporter_.log(Level::info, "Waiting for another run to end: " + holder->who);
        told = true;
        postgres::pause(stop_, poll_interval);
    }
}

}  // namespace tti::operation
