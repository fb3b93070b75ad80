#include "identity_server/cleanup_operation.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "identity_server/schema_state.hpp"

namespace tti::identity_server {
namespace {

// Texts of rows do not depend on the session's settings; the joins of a large cleanup stay in memory, and
// compiling its long conditions would take longer than running them.
void prepare(postgres::Connection& connection) {
    connection.execute(
        "SET DateStyle TO 'ISO'; SET TimeZone TO 'UTC'; SET bytea_output TO 'hex'; SET work_mem TO '64MB'; "
        "SET jit TO off");
}

std::string table_text(const operation::Amounts& amounts) {
    std::size_t width = 0;
    for (const auto& amount : amounts) {
        width = std::max(width, amount.what.size());
    }
    std::string text;
    for (const auto& amount : amounts) {
        text += fmt::format("\n  {:<{}}  {}", amount.what, width, amount.number);
    }
    return text;
}

nlohmann::json rows_data(const operation::Amounts& amounts) {
    auto data = nlohmann::json::object();
    for (const auto& amount : amounts) {
        data[amount.what] = amount.number;
    }
    return data;
}

}  // namespace

operation::Plan CleanupOperation::plan() {
    operation::Plan plan{.title = "clean up the Identity Server database"};
    const auto tenants = tenants_with_tables(plan);
    prepare(session_.connection());
    ask_clock();
    cleanups_.clear();
    for (const auto& tenant : tenants) {
        cleanups_.push_back(
            std::make_unique<TenantCleanup>(session_, tenant, request_, place_, threshold_, time_));
        cleanups_.back()->plan(plan);
    }
    if (!plan.steps.empty()) {
        place_.add_to(plan);
        plan.confirmation = confirmation();
    }
    return plan;
}

std::vector<Tenant> CleanupOperation::tenants_with_tables(operation::Plan& plan) {
    const auto states = read_states(session_.connection(), tenants_);
    std::vector<Tenant> filled;
    for (const auto& tenant : tenants_) {
        const auto& state = states.at(tenant.schema);
        require_known(tenant, state);
        if (state.layout() == Layout::empty) {
            plan.notes.push_back(
                fmt::format("Tenant {} has no tables, so there is nothing to clean up.", tenant.id));
            continue;
        }
        require_up_to_date(tenant, state);
        filled.push_back(tenant);
    }
    return filled;
}

// The server's clock, once: what expires while this runs waits for the next time.
void CleanupOperation::ask_clock() {
    const auto restore = std::chrono::floor<std::chrono::microseconds>(request_.restore).count();
    const auto row = session_.connection().query(
        "SELECT (now() - $1::bigint * interval '1 microsecond')::text,"
        " to_char(now() AT TIME ZONE 'UTC', 'YYYYMMDD\"T\"HH24MISSMS\"Z\"')",
        {std::to_string(restore)});
    threshold_ = fmt::format("'{}'::timestamptz", row.text(0, 0));
    time_ = row.text(0, 1);
}

std::string CleanupOperation::confirmation() const {
    operation::Amounts entities;
    std::int64_t rows = 0;
    for (const auto& cleanup : cleanups_) {
        rows += cleanup->planned_rows();
        for (std::size_t number = 0; number < purge_kinds().size(); ++number) {
            const auto& kind = purge_kinds()[number].name;
            if (const auto going = cleanup->planned().of(number, kind); going > 0) {
                add(entities, kind, going);
            }
        }
    }
    const auto what = entities.empty() ? "orphans" : describe(entities);
    return fmt::format("{} will be deleted for good, {} rows in all{}", what, rows,
                       place_.keeps ? " (is-db restore brings them back)" : ", and nothing is kept of them");
}

std::string CleanupOperation::result_text() {
    std::string text;
    for (const auto& cleanup : cleanups_) {
        if (cleanup->removed().empty()) {
            continue;
        }
        text += fmt::format("{}tenant {}: rows deleted{}", text.empty() ? "" : "\n", cleanup->tenant().id,
                            table_text(cleanup->removed()));
        if (const auto file = cleanup->undo_file(); !file.empty()) {
            text += fmt::format("\n  brought back by: tti-lw-stack is-db restore --from={}", file);
        }
    }
    return text.empty()
               ? fmt::format("nothing to do: nothing was deleted more than {} ago", request_.restore_text)
               : text;
}

nlohmann::json CleanupOperation::result_data() {
    auto tenants = nlohmann::json::object();
    for (const auto& cleanup : cleanups_) {
        auto& data = tenants[cleanup->tenant().id];
        data["rows"] = rows_data(cleanup->removed());
        if (const auto file = cleanup->undo_file(); !file.empty()) {
            data["undo_file"] = file;
        }
    }
    return {{"tenants", tenants}};
}

}  // namespace tti::identity_server
