#include "network_operations_center/verify.hpp"

#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "database/status.hpp"
#include "network_operations_center/commands.hpp"
#include "network_operations_center/layout.hpp"
#include "network_operations_center/migrations.hpp"

namespace tti::network_operations_center {
namespace {

// Columns in their order, and valid indexes, of every table and view of the schema.
constexpr std::string_view live_sql = R"(
SELECT c.relname,
       (SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, NULL), ', ' ORDER BY a.attnum)
          FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
       (SELECT count(*) FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname LIKE 'note\_%' AND t.tgenabled <> 'D')
  FROM pg_class c
 WHERE c.relnamespace = to_regnamespace($1) AND c.relkind IN ('r', 'p', 'v'))";

// What the migrations make of the tables of events and the registers.
const std::map<std::string, std::string>& expected_columns() {
    static const std::map<std::string, std::string> columns{
        {"gateway_connection_event",
         "received_at timestamp with time zone, tenant_id text, gateway_id text, event_type smallint"},
        {"gateway_connection_statistics",
         "received_at timestamp with time zone, tenant_id text, gateway_id text, connected_us bigint, "
         "uplink_count bigint, downlink_count bigint, rtt_min_us bigint, rtt_max_us bigint, rtt_median_us "
         "bigint"},
        {"gateway_uplink",
         "received_at timestamp with time zone, tenant_id text, gateway_id text, frequency bigint, data_rate "
         "text, airtime_us bigint, rssi real, snr real, net_id integer"},
        {"gateway_end_device_uplink",
         "received_at timestamp with time zone, tenant_id text, gateway_id text, application_id text, "
         "device_id text, frequency bigint, data_rate text, rssi real, snr real"},
        {"end_device_data_uplink",
         "received_at timestamp with time zone, tenant_id text, application_id text, device_id text, "
         "session_started_at timestamp with time zone, f_cnt bigint, frames_lost bigint, frequency bigint, "
         "data_rate text, airtime_us bigint, rssi real, snr real"},
        {"application_event_forward",
         "received_at timestamp with time zone, tenant_id text, application_id text, event_name text"},
        {"application_webhook_failure",
         "received_at timestamp with time zone, tenant_id text, application_id text, webhook_id text, "
         "status_code integer"},
        {"net_ids", "net_id integer, operator text"},
        {"net_ids_revision", "revision text"},
        {"roll_up_sources",
         "source text, complete_from timestamp with time zone, refreshed_at timestamp with time zone"},
        {"demo_tenants", "tenant_id text, seed bigint, created_at timestamp with time zone"}};
    return columns;
}

struct Relation {
    std::string columns;
    std::int64_t triggers = 0;
};

std::map<std::string, Relation> live(Session& session) {
    const auto rows =
        session.connection().query(std::string(live_sql), {postgres::quote_identifier(session.schema())});
    std::map<std::string, Relation> result;
    for (int row = 0; row < rows.rows(); ++row) {
        result[std::string(rows.text(row, 0))] = {rows.optional_text(row, 1).value_or(""),
                                                  rows.integer(row, 2)};
    }
    return result;
}

// "bucket timestamp with time zone, tenant_id text, …" without the types.
std::string names_only(const std::string& columns) {
    std::string names;
    for (std::size_t at = 0; at < columns.size();) {
        const auto end = std::min(columns.find(", ", at), columns.size());
        names += (names.empty() ? "" : ", ") + columns.substr(at, columns.find(' ', at) - at);
        at = end + 2;
    }
    return names;
}

std::string names_of(const timeseries::RollUp& roll_up) {
    std::vector<std::string> names{"bucket"};
    names.insert(names.end(), roll_up.groups.begin(), roll_up.groups.end());
    for (const auto& measure : roll_up.measures) names.push_back(measure.name);
    return fmt::format("{}", fmt::join(names, ", "));
}

ExitCode verify(Session& session) {
    return database::tell_differences(session.context().reporter,
                                      differences(session, require_tables(session)));
}

}  // namespace

std::vector<std::string> differences(Session& session, timeseries::Way way) {
    std::vector<std::string> result;
    const auto found = live(session);
    const auto compare = [&](const std::string& name, const std::string& is, const std::string& should) {
        if (!found.contains(name)) {
            result.push_back(name + " is missing");
        } else if (is != should) {
            result.push_back(fmt::format("columns of {}: {} instead of {}", name, is, should));
        }
    };
    const auto columns = [&](const std::string& name) {
        return found.contains(name) ? found.at(name).columns : std::string();
    };
    for (const auto& [name, should] : expected_columns()) compare(name, columns(name), should);
    for (const auto& roll_up : roll_ups(session.schema()).all)
        compare(roll_up.name, names_only(columns(roll_up.name)), names_of(roll_up));
    if (way == timeseries::Way::timescaledb) return result;
    for (const auto& table : raw_tables(session.schema())) {
        if (found.contains(table.name) && found.at(table.name).triggers != 4) {
            result.push_back(fmt::format("triggers of {}: {} instead of 4 that note changes", table.name,
                                         found.at(table.name).triggers));
        }
    }
    return result;
}

cli::Command verify_command() {
    return {.name = "verify",
            .summary = "Compare the live schema with what it should be, object by object",
            .description = "Additional indexes and tables are no difference.",
            .settings = database_settings(),
            .examples = {{"noc-db verify", "verify tables and aggregates"}},
            .run = [](cli::Context& context) { return run_reading<Session>(context, Access::read, verify); }};
}

}  // namespace tti::network_operations_center
