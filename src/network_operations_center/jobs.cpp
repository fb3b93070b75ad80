#include "network_operations_center/jobs.hpp"

#include <fmt/format.h>

#include "database/search_path.hpp"

namespace tti::network_operations_center {
namespace {

constexpr std::string_view jobs_sql = R"(
SELECT j.job_id, j.proc_name, j.hypertable_name, j.scheduled,
       to_char(s.last_run_started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       coalesce(s.last_run_status, ''), coalesce(s.total_failures, 0)
  FROM timescaledb_information.jobs j
  LEFT JOIN timescaledb_information.job_stats s USING (job_id)
 WHERE j.hypertable_schema = $1
 ORDER BY j.hypertable_name, j.job_id)";

bool there_is(postgres::Connection& connection, const std::string& relation) {
    return !connection.query("SELECT to_regclass($1)", {relation}).is_null(0, 0);
}

// Starting and forgetting are one transaction; a job that is gone meanwhile needs no start.
void start(postgres::Connection& connection, const std::string& list) {
    connection.execute(fmt::format(
        "SELECT alter_job(j.job_id, scheduled => true) FROM {0} p JOIN timescaledb_information.jobs j USING "
        "(job_id); DELETE FROM {0}",
        list));
}

}  // namespace

std::vector<Job> jobs(Session& session) {
    std::vector<Job> result;
    if (!there_is(session.connection(), "timescaledb_information.jobs")) return result;
    const auto rows = session.connection().query(std::string(jobs_sql), {session.schema()});
    result.reserve(static_cast<std::size_t>(rows.rows()));
    for (int row = 0; row < rows.rows(); ++row) {
        result.push_back({.number = rows.integer(row, 0),
                          .work = std::string(rows.text(row, 1)),
                          .table = std::string(rows.text(row, 2)),
                          .scheduled = rows.boolean(row, 3),
                          .last_run = rows.optional_text(row, 4).value_or(""),
                          .last_outcome = std::string(rows.text(row, 5)),
                          .failures = rows.integer(row, 6)});
    }
    return result;
}

PausedJobs::PausedJobs(Session& session) : session_(session) {
    auto& connection = session.connection();
    bool any = false;
    for (const auto& job : jobs(session)) any = any || job.scheduled;
    if (!any) return;
    const auto list = session.relation("paused_jobs");
    postgres::Transaction transaction(connection);
    connection.execute(fmt::format("CREATE TABLE IF NOT EXISTS {} (job_id integer PRIMARY KEY)", list));
    connection.query(
        fmt::format("WITH stopped AS (INSERT INTO {} (job_id) SELECT job_id FROM "
                    "timescaledb_information.jobs WHERE hypertable_schema = $1 AND scheduled "
                    "RETURNING job_id) SELECT alter_job(job_id, scheduled => false) FROM stopped",
                    list),
        {session.schema()});
    transaction.commit();
    paused_ = true;
}

PausedJobs::~PausedJobs() {
    if (!paused_) return;
    try {
        util::NeverStop never;
        postgres::Connection connection(session_.uri(), {.context = "background jobs"}, never);
        database::set_search_path(connection, session_.schema());
        start(connection, session_.relation("paused_jobs"));
    } catch (const std::exception& failure) {
        session_.context().reporter.log(
            operation::Level::warn,
            fmt::format(
                "Background jobs are still stopped: {}. Start them with: tti-lw-stack noc-db maintain",
                failure.what()));
    }
}

std::vector<std::int64_t> left_over_jobs(Session& session) {
    std::vector<std::int64_t> result;
    const auto list = session.relation("paused_jobs");
    if (!there_is(session.connection(), list)) return result;
    const auto rows = session.connection().execute(fmt::format("SELECT job_id FROM {} ORDER BY 1", list));
    for (int row = 0; row < rows.rows(); ++row) result.push_back(rows.integer(row, 0));
    return result;
}

void plan_left_over_jobs(operation::Plan& plan, Session& session) {
    const auto left_over = left_over_jobs(session);
    if (left_over.empty()) return;
    plan.steps.push_back({.name = "start jobs",
                          .what = fmt::format("start {} background jobs", left_over.size()),
                          .why = "a run that was killed left them stopped",
                          .lock = operation::Lock::rows,
                          .run = [&session](operation::StepContext&) {
                              start(session.connection(), session.relation("paused_jobs"));
                          }});
}

}  // namespace tti::network_operations_center
