#include "operation/postgres_journal.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "postgres/create_if_missing.hpp"

namespace tti::operation {
namespace {

using nlohmann::json;

constexpr std::chrono::seconds progress_interval{1};

constexpr std::string_view create_sql = R"(
CREATE SCHEMA IF NOT EXISTS tti;
-- The journal: every run of a command that writes.
CREATE TABLE IF NOT EXISTS tti.operations (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    area text NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    outcome text NOT NULL,
    operator text NOT NULL,
    host text NOT NULL,
    pid integer NOT NULL,
    backend_pid integer NOT NULL,
    task text,
    version text NOT NULL,
    command text NOT NULL,
    plan_hash text NOT NULL,
    steps text[] NOT NULL,
    step text,
    percent integer,
    counts jsonb,
    error text
);
)";

postgres::Parameter null_if_empty(const std::string& text) {
    return text.empty() ? postgres::Parameter() : postgres::Parameter(text);
}

std::string json_counts(const Amounts& counts) {
    auto data = json::object();
    for (const auto& amount : counts) data[amount.what] = amount.number;
    return data.dump();
}

}  // namespace

std::string_view journal_sql() {
    return create_sql;
}

void PostgresJournal::create_table() {
    // Looked up first: IF NOT EXISTS asks for the right to create even where nothing is to be created.
    if (connection_.execute("SELECT to_regclass('tti.operations')").is_null(0, 0)) {
        connection_.on_notice({});
        postgres::create_if_missing(connection_, create_sql);
    }
}

void PostgresJournal::mark_killed() {
    connection_.query("UPDATE tti.operations SET outcome = 'killed' WHERE area = $1 AND outcome = 'running'",
                      {std::string(describe(area_))});
}

void PostgresJournal::begin(const Identity& identity, const std::string& plan_hash,
                            const std::vector<std::string>& steps) {
    try {
        create_table();
        mark_killed();
        const auto row = connection_.query(
            "INSERT INTO tti.operations (area, outcome, operator, host, pid, backend_pid, task, version, "
            "command, "
            "plan_hash, steps) VALUES ($1, 'running', $2, $3, $4::int, pg_backend_pid(), $5, $6, $7, $8, "
            "$9::text[]) "
            "RETURNING id",
            {std::string(describe(area_)), identity.user, identity.host, std::to_string(identity.pid),
             null_if_empty(identity.task), identity.version, identity.command, plan_hash,
             postgres::array_literal(std::span(steps))});
        id_ = row.text(0, 0);
    } catch (const postgres::InsufficientPrivilege& error) {
        reporter_.log(Level::warn, fmt::format("No journal is kept: {}", error.what()));
    }
}

void PostgresJournal::progress(const std::string& step, int percent) {
    const auto now = std::chrono::steady_clock::now();
    if (id_.empty() || now - last_progress_ < progress_interval) return;
    last_progress_ = now;
    connection_.query("UPDATE tti.operations SET step = $2, percent = $3::int WHERE id = $1::bigint",
                      {id_, step, std::to_string(percent)});
}

void PostgresJournal::finish(Outcome outcome, const Amounts& counts, const std::string& error) {
    if (id_.empty()) return;
    connection_.query(
        "UPDATE tti.operations SET outcome = $2, finished_at = now(), counts = $3::jsonb, error = $4, "
        "percent = CASE WHEN $2 = 'done' THEN 100 ELSE percent END WHERE id = $1::bigint",
        {id_, std::string(describe(outcome)), json_counts(counts), null_if_empty(error)});
}

json to_json(const JournalRecord& record) {
    return {{"id", record.id},
            {"started_at", record.started_at},
            {"finished_at", record.finished_at},
            {"seconds", record.seconds ? json(*record.seconds) : json()},
            {"outcome", record.outcome},
            {"operator", record.user},
            {"host", record.host},
            {"pid", record.pid},
            {"task", record.task},
            {"version", record.version},
            {"command", record.command},
            {"plan_hash", record.plan_hash},
            {"steps", record.steps},
            {"counts", record.counts.empty() ? json::object() : json::parse(record.counts)},
            {"error", record.error}};
}

std::vector<JournalRecord> read_journal(postgres::Connection& connection, Area area, int limit) {
    if (connection.execute("SELECT to_regclass('tti.operations')").is_null(0, 0)) return {};
    const auto rows = connection.query(
        "SELECT id, to_char(started_at, 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), "
        "to_char(finished_at, 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), "
        "CASE WHEN outcome = 'running' AND NOT EXISTS (SELECT 1 FROM pg_locks l WHERE l.pid = backend_pid "
        "AND l.locktype = 'advisory' AND l.granted) THEN 'killed' ELSE outcome END, "
        "operator, host, pid, task, version, command, plan_hash, counts, error, steps, "
        "extract(epoch FROM finished_at - started_at) "
        "FROM tti.operations WHERE area = $1 ORDER BY id DESC LIMIT $2::int",
        {std::string(describe(area)), std::to_string(limit)});
    std::vector<JournalRecord> records;
    for (int row = 0; row < rows.rows(); ++row) {
        const auto text = [&](int column) { return std::string(rows.text(row, column)); };
        records.push_back({text(0), text(1), text(2), text(3), text(4), text(5), text(6), text(7), text(8),
                           text(9), text(10), text(11), text(12), rows.array(row, 13)});
        if (!rows.is_null(row, 14)) records.back().seconds = std::stod(text(14));
    }
    return records;
}

}  // namespace tti::operation
