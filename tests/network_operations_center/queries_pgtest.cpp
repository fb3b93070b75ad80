#include <map>
#include <set>

#include <gmock/gmock.h>

#include "network_operations_center/layout.hpp"
#include "network_operations_center/queries.hpp"
#include "support/child_process.hpp"
#include "support/postgres_server.hpp"

// The buckets of a tier that the window touches, of the events themselves.
#define EVENTS                                                                         \
    "tenant_id = {tenant} AND received_at >= date_bin({width}, {from}, {origin}) AND " \
    "received_at < date_bin({width}, {to} - interval '1 microsecond', {origin}) + {width}"
#define GATEWAY EVENTS " AND gateway_id = {gateway}"
#define APPLICATION EVENTS " AND application_id = {application}"
#define DEVICE APPLICATION " AND device_id = {device}"
#define TIME "date_bin({bucket}, received_at, {origin})"
#define LAST_HOUR                                                                                  \
    "tenant_id = {tenant} AND received_at >= date_bin('1 hour', {to} - interval '1 microsecond', " \
    "{origin}) AND received_at < date_bin('1 hour', {to} - interval '1 microsecond', {origin}) + " \
    "interval '1 hour'"
#define PER_CHANNEL(table, where, column, what) \
    "SELECT " TIME ", " column ", " what " FROM " table " WHERE " where " GROUP BY 1, 2 ORDER BY 1, 2"
#define AIRTIME "sum(airtime_us)::float8 / 1000000 / extract(epoch FROM {bucket})::float8"
#define SIGNAL "CASE WHEN snr < 0 THEN rssi + snr ELSE rssi END"
#define ACTIVE_BY(kind, width, entity, table)                                                           \
    "SELECT '" kind "', date_bin('" width "', received_at, {origin}), count(DISTINCT (" entity          \
    ")) FROM " table " WHERE tenant_id = {tenant} AND received_at >= date_bin('" width                  \
    "', {from}, {origin}) AND "                                                                         \
    "received_at < date_bin('" width "', {to} - interval '1 microsecond', {origin}) + interval '" width \
    "' GROUP BY 1, 2"
#define ACTIVE(entity, table)                                                         \
    ACTIVE_BY("hourly", "1 hour", entity, table)                                      \
    " UNION ALL " ACTIVE_BY("daily", "1 day", entity, table) " UNION ALL " ACTIVE_BY( \
        "weekly", "7 days", entity, table) " ORDER BY 1, 2"
#define LAST_OF_DEVICES(where)                                                                             \
    "SELECT DISTINCT ON (application_id, device_id) application_id, device_id, last, rate FROM (SELECT "   \
    "application_id, device_id, date_bin({width}, received_at, {origin}) AS b, max(received_at) AS last, " \
    "sum(frames_lost)::float8 / (sum(frames_lost) + count(*)) AS rate FROM end_device_data_uplink "        \
    "WHERE " where " GROUP BY 1, 2, 3) x ORDER BY 1, 2, b DESC LIMIT {limit} OFFSET {offset}"

namespace tti::network_operations_center {
namespace {

using namespace std::chrono_literals;

// What each question asks, from the events alone.
const std::map<std::string_view, std::string_view>& naive() {
    static const std::map<std::string_view, std::string_view> all{
        {"gateways-connected", ACTIVE("gateway_id", "gateway_connection_statistics")},
        {"gateways-connectivity",
         "SELECT g.gateway_id, (SELECT max(received_at) FROM gateway_connection_event e WHERE e.gateway_id = "
         "g.gateway_id AND event_type = 0 AND " EVENTS
         "), (SELECT max(received_at) FROM gateway_connection_event e WHERE e.gateway_id = g.gateway_id AND "
         "event_type = 1 AND " EVENTS
         "), least(sum(connected_us)::float8 / 1000000 / extract(epoch FROM {to} - {from})::float8, 1), "
         "coalesce((SELECT sum(uplink_count) FROM gateway_connection_statistics h WHERE h.gateway_id = "
         "g.gateway_id AND " LAST_HOUR
         "), 0)::float8 / 3600, (SELECT count(*) FROM gateway_connection_event e WHERE e.gateway_id = "
         "g.gateway_id AND event_type = 1 AND " EVENTS ") FROM gateway_connection_statistics g WHERE " EVENTS
         " GROUP BY 1 ORDER BY 1 LIMIT {limit} OFFSET {offset}"},
        {"gateways-active-metrics",
         "SELECT count(DISTINCT gateway_id) FROM gateway_connection_statistics WHERE " EVENTS},
        {"gateway-connection-events",
         "SELECT t, e FROM (SELECT received_at, event_type, tenant_id, gateway_id FROM "
         "gateway_connection_event "
         "UNION ALL SELECT received_at, 2, tenant_id, gateway_id FROM gateway_connection_statistics) x (t, "
         "e, "
         "tenant, gateway) WHERE tenant = {tenant} AND gateway = {gateway} AND t >= {from} AND t < {to} "
         "ORDER BY 1, 2 LIMIT {limit} OFFSET {offset}"},
        // Of the medians of hours.
        {"gateway-round-trip-times",
         "SELECT date_bin({bucket}, h, {origin}), min(l), max(u), percentile_cont(0.5) WITHIN GROUP (ORDER "
         "BY m) "
         "FROM (SELECT date_bin('1 hour', received_at, {origin}), min(rtt_min_us), max(rtt_max_us), "
         "percentile_cont(0.5) WITHIN GROUP (ORDER BY rtt_median_us) FROM gateway_connection_statistics "
         "WHERE " GATEWAY " GROUP BY 1) x (h, l, u, m) GROUP BY 1 ORDER BY 1"},
        {"gateway-channels-utilization", PER_CHANNEL("gateway_uplink", GATEWAY, "frequency", AIRTIME)},
        {"gateway-channels-lora-performance",
         PER_CHANNEL("gateway_uplink", GATEWAY " AND snr IS NOT NULL", "frequency", "min(" SIGNAL ")")},
        {"gateway-channels-packet-count", PER_CHANNEL("gateway_uplink", GATEWAY, "frequency", "count(*)")},
        {"gateway-data-rates-packet-count", PER_CHANNEL("gateway_uplink", GATEWAY, "data_rate", "count(*)")},
        {"gateway-traffic",
         "SELECT " TIME ", sum(uplink_count)::float8 / extract(epoch FROM {bucket})::float8, "
         "sum(downlink_count)::float8 / extract(epoch FROM {bucket})::float8 FROM "
         "gateway_connection_statistics WHERE " GATEWAY " GROUP BY 1 ORDER BY 1"},
        {"gateway-uptime",
         "SELECT least(sum(connected_us)::float8 / 1000000 / extract(epoch FROM {to} - {from})::float8, 1) "
         "FROM gateway_connection_statistics WHERE " GATEWAY},
        {"gateway-top-networks-seen",
         "SELECT coalesce(operator, lpad(upper(to_hex(u.net_id)), 6, '0'), 'unknown'), count(*)::float8 / "
         "(SELECT count(*) FROM gateway_uplink WHERE " GATEWAY
         ") FROM gateway_uplink u LEFT JOIN net_ids USING (net_id) WHERE " GATEWAY
         " GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {top}"},
        {"applications-active", ACTIVE("application_id", "end_device_data_uplink")},
        {"applications-active-metrics",
         "SELECT count(DISTINCT application_id) FROM end_device_data_uplink WHERE " EVENTS},
        {"applications-statistics",
         "SELECT a.application_id, (SELECT count(DISTINCT device_id) FROM end_device_data_uplink h WHERE "
         "h.application_id = a.application_id AND " LAST_HOUR
         "), sum(frames_lost)::float8 / (sum(frames_lost) + count(*)) FROM end_device_data_uplink a "
         "WHERE " EVENTS " GROUP BY 1 ORDER BY 1 LIMIT {limit} OFFSET {offset}"},
        {"application-statistics",
         "SELECT d.device_id, d.last, d.rate, (SELECT gateway_id FROM gateway_end_device_uplink u WHERE "
         "u.device_id = d.device_id AND " APPLICATION " GROUP BY 1 ORDER BY max(rssi) DESC, 1 LIMIT 1), "
         "(SELECT max(rssi) FROM gateway_end_device_uplink u "
         "WHERE u.device_id = d.device_id AND " APPLICATION
         "), (SELECT count(*) FROM end_device_data_uplink u WHERE u.device_id = d.device_id AND " APPLICATION
         ") FROM (" LAST_OF_DEVICES(APPLICATION) ") d ORDER BY 1"},
        {"application-end-devices-active-metrics",
         "SELECT count(DISTINCT device_id) FROM end_device_data_uplink WHERE " APPLICATION},
        {"application-gateways-seen",
         "SELECT gateway_id, max(rssi), count(*) FROM gateway_end_device_uplink WHERE " APPLICATION
         " GROUP BY 1 ORDER BY 1 LIMIT {limit} OFFSET {offset}"},
        {"application-channels-utilization",
         PER_CHANNEL("end_device_data_uplink", APPLICATION, "frequency", AIRTIME)},
        {"application-channels-lora-performance",
         PER_CHANNEL("end_device_data_uplink", APPLICATION, "frequency", "max(" SIGNAL ")")},
        {"application-channels-packet-count",
         PER_CHANNEL("end_device_data_uplink", APPLICATION, "frequency", "count(*)")},
        {"application-data-rates-packet-count",
         PER_CHANNEL("end_device_data_uplink", APPLICATION, "data_rate", "count(*)")},
        {"application-event-forward-count",
         PER_CHANNEL("application_event_forward", APPLICATION, "event_name", "count(*)")},
        {"application-webhook-failures",
         "SELECT " TIME ", count(*) FROM application_webhook_failure WHERE " APPLICATION
         " GROUP BY 1 ORDER BY 1"},
        {"application-webhook-failures-top-five",
         PER_CHANNEL("application_webhook_failure", APPLICATION, "status_code", "count(*)")},
        {"application-webhook-failure-ratio",
         "SELECT (SELECT count(*) FROM application_webhook_failure WHERE " APPLICATION
         ")::float8 / (SELECT count(*) FROM application_event_forward WHERE " APPLICATION ")"},
        {"end-devices-active", ACTIVE("application_id, device_id", "end_device_data_uplink")},
        {"end-devices-active-metrics",
         "SELECT count(DISTINCT (application_id, device_id)) FROM end_device_data_uplink WHERE " EVENTS},
        {"end-devices-statistics", LAST_OF_DEVICES(EVENTS)},
        {"end-device-channels-utilization",
         PER_CHANNEL("end_device_data_uplink", DEVICE, "frequency", AIRTIME)},
        {"end-device-channels-lora-performance",
         PER_CHANNEL("end_device_data_uplink", DEVICE, "frequency", "max(" SIGNAL ")")},
        {"end-device-channels-packet-count",
         PER_CHANNEL("end_device_data_uplink", DEVICE, "frequency", "count(*)")},
        {"end-device-data-rates-packet-count",
         PER_CHANNEL("end_device_data_uplink", DEVICE, "data_rate", "count(*)")},
        {"end-device-packet-error-rate",
         "SELECT " TIME ", sum(frames_lost)::float8 / (sum(frames_lost) + count(*)) FROM "
         "end_device_data_uplink WHERE " DEVICE " GROUP BY 1 ORDER BY 1"},
        {"end-device-session-start",
         "SELECT max(session_started_at) FROM end_device_data_uplink WHERE " DEVICE},
        {"end-device-last-seen", "SELECT max(received_at) FROM end_device_data_uplink WHERE " DEVICE}};
    return all;
}

// One made-up network for all tests; nothing of it is removed.
class Queries : public testing::TestWithParam<Query> {
  protected:
    static void SetUpTestSuite() {
        if (connection_) return;
        const auto uri = test::PostgresServer::instance().create_database();
        const auto log = test::make_folder("tti-noc") / "log";
        test::run({TTI_BINARY, "noc-db", "init", "--noc.store.raw-data-retention", "87600h",
                   "--aggregate-retention", "87600h", "--is.database-uri", uri},
                  log);
        test::run({TTI_BINARY, "noc-db", "demo", "--days", "12", "--gateways", "4", "--applications", "3",
                   "--devices", "24", "--interval", "20m", "--until", "2026-06-30T09:17:23Z",
                   "--is.database-uri", uri},
                  log);
        connection_.emplace(*postgres::Uri::parse(uri), postgres::ConnectOptions{.context = "test"}, stop_);
        connection_->execute("SET search_path = noc; SET timezone = 'UTC'");
        // End devices that are seen now and then: whether they are counted depends on the hour.
        connection_->execute(
            "INSERT INTO end_device_data_uplink (received_at, tenant_id, application_id, device_id, f_cnt, "
            "frames_lost, frequency, data_rate, airtime_us, rssi) SELECT timestamptz '2026-06-30 07:40Z' - n "
            "* "
            "interval '197 minutes', 'acme', 'demo-000' || n % 2, 'device-' || lpad((n * n % 31)::text, 6, "
            "'0'), n, n % 3, 868100000, 'SF7BW125', 51456, -n FROM generate_series(0, 80) n");
        test::run({TTI_BINARY, "noc-db", "maintain", "--is.database-uri", uri}, log);
    }

    static std::vector<std::string> rows(const Query& query, const Arguments& arguments) {
        const auto found = connection_->query(statement(query, arguments));
        std::vector<std::string> lines;
        for (int row = 0; row < found.rows(); ++row) {
            std::string line;
            for (int column = 0; column < found.columns(); ++column)
                line += found.optional_text(row, column).value_or("NULL") + "|";
            lines.push_back(line);
        }
        return lines;
    }

    inline static util::NeverStop stop_;
    inline static std::optional<postgres::Connection> connection_;
};

constexpr timeseries::Time last_time = std::chrono::sys_days(std::chrono::year(2026) / 6 / 30) + 5h + 12min;

TEST_P(Queries, AnswersAsTheEventsDo) {
    const auto& query = GetParam();
    ASSERT_TRUE(naive().contains(query.name)) << query.name;
    auto direct = query;
    direct.sql = naive().at(query.name);
    for (const auto last :
         {timeseries::Span(20h), timeseries::Span(70h), timeseries::Span(150h), timeseries::Span(240h)}) {
        for (const std::int64_t limit : {1000, 3}) {
            const Arguments arguments{.tenant = "demo",
                                      .gateway = "demo-gateway-00002",
                                      .application = "demo-0001",
                                      .device = "device-000007",
                                      .from = last_time - last,
                                      .to = last_time,
                                      .bucket = 6h,
                                      .limit = limit,
                                      .page = limit == 3 ? 2 : 1};
            const auto answer = rows(query, arguments);
            EXPECT_EQ(answer, rows(direct, arguments)) << timeseries::format(last);
            EXPECT_TRUE(limit != 1000 || !answer.empty()) << timeseries::format(last);
        }
    }
}

class ActiveEndDevices : public Queries {};

// Windows that begin and end anywhere in days and weeks, within one bucket too.
TEST_P(ActiveEndDevices, AreThoseOfTheEvents) {
    const auto& query = GetParam();
    auto direct = query;
    direct.sql = naive().at(query.name);
    std::set<std::vector<std::string>> answers;
    for (int step = 0; step < 12; ++step) {
        for (const std::chrono::minutes last :
             {1min, 59min, 1500min, 3600min, 4381min, 10000min, 10141min, 13800min}) {
            const auto end = last_time - step * 313min;
            const Arguments arguments{.tenant = "acme",
                                      .application = "demo-0001",
                                      .from = end - last,
                                      .to = end,
                                      .limit = 4,
                                      .page = 1 + step % 3};
            const auto answer = rows(query, arguments);
            EXPECT_EQ(answer, rows(direct, arguments))
                << last.count() << " minutes until " << timeseries::format(end);
            answers.insert(answer);
        }
    }
    EXPECT_GT(answers.size(), 10U);
}

std::string test_name(const testing::TestParamInfo<Query>& info) {
    return std::string(info.param.method);
}

INSTANTIATE_TEST_SUITE_P(All, Queries, testing::ValuesIn(queries().begin(), queries().end()), test_name);

std::vector<Query> with_end_devices() {
    std::vector<Query> result;
    for (const char* name : {"application-statistics", "application-end-devices-active-metrics",
                             "end-devices-active-metrics", "end-devices-statistics"})
        result.push_back(*find_query(name));
    return result;
}
INSTANTIATE_TEST_SUITE_P(All, ActiveEndDevices, testing::ValuesIn(with_end_devices()), test_name);

}  // namespace
}  // namespace tti::network_operations_center
