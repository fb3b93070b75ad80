#include "postgres/blockers.hpp"

#include <fmt/format.h>

#include "postgres/one_line.hpp"

namespace tti::postgres {
namespace {

// An answer that comes later is of no use, and the watched connection waits meanwhile.
constexpr std::chrono::milliseconds patience{2000};
constexpr int shown_at_most = 5;

// Oldest transaction first. A prepared transaction blocks as process 0.
constexpr const char* question =
    "SELECT b.pid, a.usename, extract(epoch FROM clock_timestamp() - coalesce(a.xact_start, "
    "a.backend_start))::bigint, "
    "a.query, CASE WHEN a.backend_type = 'client backend' THEN a.state ELSE a.backend_type END "
    "FROM (SELECT DISTINCT unnest(pg_blocking_pids($1::int)) AS pid) b "
    "LEFT JOIN pg_stat_activity a ON a.pid = b.pid ORDER BY a.xact_start NULLS LAST";

std::string describe(const Result& answer, int row) {
    if (answer.integer(row, 0) == 0) {
        return "a prepared transaction (see pg_prepared_xacts)";
    }
    std::string text = fmt::format("pid {} (user {}, {}s in \"{}\"", answer.text(row, 0), answer.text(row, 1),
                                   answer.integer(row, 2), statement_start(answer.text(row, 3)));
    if (!answer.is_null(row, 4)) {
        text += fmt::format(", {}", answer.text(row, 4));
    }
    return text + ")";
}

std::string describe_all(const Result& answer) {
    std::string text;
    for (int row = 0; row < std::min(answer.rows(), shown_at_most); ++row) {
        text += (text.empty() ? "" : ", ") + describe(answer, row);
    }
    if (answer.rows() > shown_at_most) {
        text += fmt::format(" and {} more", answer.rows() - shown_at_most);
    }
    return text;
}

}  // namespace

std::string statement_start(std::string_view statement) {
    constexpr std::size_t longest = 60;
    const std::size_t literal = std::min(statement.find_first_of("'$"), statement.size());
    const std::string line = one_line(statement.substr(0, literal));
    if (line.size() <= longest) {
        return literal < statement.size() ? line + " …" : line;
    }
    std::size_t end = longest;
    // Not inside a character of several bytes.
    while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U) {
        --end;
    }
    return line.substr(0, end) + " …";
}

BlockerWatch::BlockerWatch(Connection& connection, util::Stop& stop, std::chrono::milliseconds after,
                           std::function<void(std::string_view)> tell)
    : connection_(connection),
      tell_(std::move(tell)),
      stop_(stop, patience),
      process_(connection.backend_pid()) {
    connection_.on_slow(after, [this] { ask(); });
}

BlockerWatch::~BlockerWatch() {
    connection_.on_slow({}, {});
}

void BlockerWatch::ask() noexcept {
    try {
        stop_.restart(patience);
        if (!second_) {
            second_.emplace(connection_.uri(),
                            ConnectOptions{.context = connection_.context() + ", lock watch"}, stop_);
        }
        const Result answer = second_->query(question, {std::to_string(process_)});
        if (!answer.empty()) {
            blockers_ = describe_all(answer);
            if (tell_) tell_(blockers_);
        }
    } catch (...) {
        // Only the message gets poorer.
        second_.reset();
    }
}

}  // namespace tti::postgres
