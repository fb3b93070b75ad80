#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "operation/area.hpp"
#include "operation/journal.hpp"
#include "operation/reporter.hpp"
#include "postgres/connection.hpp"

namespace tti::operation {

// Table tti.operations, on the run lock's connection: while a record says "running", that session holds the
// lock, so a record whose session is gone was killed, and the next holder marks it so. A role that may not
// create the schema works without a journal, and is told.
class PostgresJournal final : public Journal {
  public:
    PostgresJournal(postgres::Connection& connection, Area area, Reporter& reporter)
        : connection_(connection), area_(area), reporter_(reporter) {}

    void begin(const Identity& identity, const std::string& plan_hash,
               const std::vector<std::string>& steps) override;
    void progress(const std::string& step, int percent) override;
    void finish(Outcome outcome, const Amounts& counts, const std::string& error) override;

  private:
    void create_table();
    void mark_killed();

    postgres::Connection& connection_;
    Area area_;
    Reporter& reporter_;
    std::string id_;  // empty: no journal is kept
    std::chrono::steady_clock::time_point last_progress_{};
};

// Schema and table, where they are missing.
std::string_view journal_sql();

// A run as a journal keeps it. Times are UTC, "2026-11-30T18:00:00Z"; `counts` is a JSON object.
struct JournalRecord {
    std::string id, started_at, finished_at, outcome, user, host, pid, task, version, command, plan_hash,
        counts, error;
    std::vector<std::string> steps;
    std::optional<double> seconds = {};  // from begin to end; none where it has no end
};
nlohmann::json to_json(const JournalRecord& record);

// The newest `limit` records first; empty where there is no journal. A record that says "running" and whose
// session no longer holds the lock is told as "killed".
std::vector<JournalRecord> read_journal(postgres::Connection& connection, Area area, int limit);

}  // namespace tti::operation
