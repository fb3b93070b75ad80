#include "network_operations_center/queries.hpp"

#include <array>

// What stands in many of them; C++ joins neighbouring literals, and only those.
// NOLINTBEGIN(cppcoreguidelines-macro-usage)
#define IN_WINDOW "tenant_id = {tenant} AND bucket >= date_bin({width}, {from}, {origin}) AND bucket < {to}"
#define OF_GATEWAY IN_WINDOW " AND gateway_id = {gateway}"
#define OF_APPLICATION IN_WINDOW " AND application_id = {application}"
#define OF_DEVICE OF_APPLICATION " AND device_id = {device}"
#define TIME "date_bin({bucket}, bucket, {origin}) AS time"
#define SECONDS "extract(epoch FROM {bucket})"
#define PAGE " LIMIT {limit} OFFSET {offset}"
#define AND_APPLICATION " AND application_id = {application}"
#define OF_PAGE    \
    OF_APPLICATION \
    " AND device_id BETWEEN (SELECT min(device_id) FROM page) AND (SELECT max(device_id) FROM page)"
// End devices with an uplink in the window, from a row for each and day, or week.
#define ACTIVE_DEVICES(where)                                                                                \
    " FROM {bits_table} WHERE tenant_id = {tenant} AND bucket >= {first} AND bucket <= {last} AND {bits} & " \
    "CASE "                                                                                                  \
    "bucket WHEN {first} THEN {first_mask} ELSE -1 END & CASE bucket WHEN {last} THEN {last_mask} ELSE -1 "  \
    "END "                                                                                                   \
    "<> 0" where
#define LAST_OF_DEVICE(application)                                                                       \
    "SELECT last_seen, frames_lost::float8 / nullif(frames_lost + packet_count, 0) AS "                   \
    "last_packet_error_rate "                                                                             \
    "FROM end_device_data_uplink_statistics_{tier} WHERE " IN_WINDOW " AND application_id = " application \
    " AND device_id = p.device_id ORDER BY bucket DESC LIMIT 1"
// Missing frames of all frames.
#define ERROR_RATE "sum(frames_lost)::float8 / nullif(sum(frames_lost + packet_count), 0)"

// By hours, days and weeks: how many there were.
#define ACTIVE(entity)                                                                                     \
    "SELECT 'hourly' AS buckets, bucket AS time, active AS count FROM active_" entity                      \
    "_count_1h WHERE tenant_id = {tenant} AND bucket >= date_bin('1 hour', {from}, {origin}) AND bucket "  \
    "< {to} UNION ALL SELECT 'daily', bucket, active FROM active_" entity                                  \
    "_count_1d WHERE tenant_id = {tenant} AND bucket >= date_bin('1 day', {from}, {origin}) AND bucket < " \
    "{to} UNION ALL SELECT 'weekly', bucket, active FROM active_" entity                                   \
    "_count_1w WHERE tenant_id = {tenant} AND bucket >= date_bin('7 days', {from}, {origin}) AND bucket "  \
    "< {to} ORDER BY 1, 2"
#define UTILIZATION(table, where)                                              \
    "SELECT " TIME ", frequency, sum(airtime_us)::float8 / 1000000 / " SECONDS \
    "::float8 AS utilization FROM " table " WHERE " where " GROUP BY 1, 2 ORDER BY 1, 2"
#define CHANNEL_PACKETS(table, where)                                                            \
    "SELECT " TIME ", frequency, sum(packet_count)::bigint AS count FROM " table " WHERE " where \
    " GROUP BY 1, 2 ORDER BY 1, 2"
#define RATE_PACKETS(table, where)                                                               \
    "SELECT " TIME ", data_rate, sum(packet_count)::bigint AS count FROM " table " WHERE " where \
    " GROUP BY 1, 2 ORDER BY 1, 2"
#define PERFORMANCE(table, measure, where)                                                 \
    "SELECT " TIME ", frequency, " measure " AS agg_lora_rssi FROM " table " WHERE " where \
    " GROUP BY 1, 2 HAVING " measure " IS NOT NULL ORDER BY 1, 2"
// NOLINTEND(cppcoreguidelines-macro-usage)

namespace tti::network_operations_center {
namespace {

constexpr std::string_view connectivity = R"(
WITH connected AS (
    SELECT gateway_id, sum(connected_us)::float8 / 1000000 / extract(epoch FROM {to} - {from})::float8 AS uptime
      FROM gateway_connection_statistics_{tier} WHERE )" IN_WINDOW R"( GROUP BY 1),
page AS (SELECT * FROM connected ORDER BY 1 LIMIT {limit} OFFSET {offset}),
events AS (
    SELECT gateway_id, max(last_connect) AS last_connect, max(last_disconnect) AS last_disconnect,
           sum(disconnects)::bigint AS disconnects
      FROM gateway_connection_{tier} WHERE )" IN_WINDOW R"( GROUP BY 1)
SELECT p.gateway_id, e.last_connect, e.last_disconnect, least(p.uptime, 1) AS uptime,
       coalesce(h.uplink_count, 0)::float8 / 3600 AS packet_rate_last_hour, coalesce(e.disconnects, 0) AS disconnects
  FROM page p
  LEFT JOIN events e USING (gateway_id)
  LEFT JOIN gateway_connection_statistics_1h h ON h.tenant_id = {tenant} AND h.gateway_id = p.gateway_id
       AND h.bucket = {last_hour}
 ORDER BY 1)";

constexpr std::string_view connection_events = R"(
SELECT received_at AS time, event_type FROM gateway_connection_event
 WHERE tenant_id = {tenant} AND gateway_id = {gateway} AND received_at >= {from} AND received_at < {to}
   AND {type} IN (-1, event_type)
UNION ALL
SELECT received_at, 2 FROM gateway_connection_statistics
 WHERE tenant_id = {tenant} AND gateway_id = {gateway} AND received_at >= {from} AND received_at < {to}
   AND {type} IN (-1, 2)
 ORDER BY 1, 2)" PAGE;

constexpr std::string_view top_networks = R"(
WITH counted AS (
    SELECT net_id, sum(packet_count)::bigint AS packets FROM gateway_network_uplink_{tier} WHERE )" OF_GATEWAY
                                          R"(
     GROUP BY 1),
named AS (
    SELECT coalesce(n.operator, lpad(upper(to_hex(c.net_id)), 6, '0'), 'unknown') AS network, sum(packets) AS packets
      FROM counted c LEFT JOIN net_ids n USING (net_id) GROUP BY 1)
SELECT network, packets::float8 / sum(packets) OVER () AS fraction FROM named ORDER BY 2 DESC, 1 LIMIT {top})";

constexpr std::string_view applications = R"(
WITH page AS (
    SELECT application_id, )" ERROR_RATE R"( AS average_packet_error_rate
      FROM application_uplink_statistics_{tier} WHERE )" IN_WINDOW R"( GROUP BY 1 ORDER BY 1)" PAGE R"()
SELECT p.application_id, coalesce(h.active_devices, 0) AS active_devices, p.average_packet_error_rate
  FROM page p
  LEFT JOIN application_uplink_statistics_1h h ON h.tenant_id = {tenant} AND h.application_id = p.application_id
       AND h.bucket = {last_hour}
 ORDER BY 1)";

// Of the devices of a page alone, which are next to each other in the indexes. Its last packet error rate is
// that of a device's last bucket with uplinks, so no more than one bucket of each is read.
constexpr std::string_view devices = R"(
WITH page AS (SELECT application_id, device_id)" ACTIVE_DEVICES("") R"( GROUP BY 1, 2 ORDER BY 1, 2)" PAGE
                                                                    R"()
SELECT p.application_id, p.device_id, s.last_seen, s.last_packet_error_rate
  FROM page p CROSS JOIN LATERAL ()" LAST_OF_DEVICE("p.application_id") R"() s ORDER BY 1, 2)";

constexpr std::string_view application_devices = R"(
WITH page AS MATERIALIZED (SELECT device_id)" ACTIVE_DEVICES(AND_APPLICATION) R"( GROUP BY 1 ORDER BY 1)" PAGE
                                                                              R"(),
received AS (
    SELECT device_id, gateway_id, max(best_rssi) AS best FROM gateway_end_device_uplink_statistics_{tier}
     WHERE )" OF_PAGE R"( GROUP BY 1, 2),
best AS (SELECT DISTINCT ON (device_id) device_id, gateway_id, best FROM received ORDER BY device_id, best DESC, gateway_id),
counted AS (
    SELECT device_id, sum(packet_count)::bigint AS packets FROM end_device_data_uplink_statistics_{tier}
     WHERE )" OF_PAGE R"( GROUP BY 1)
SELECT p.device_id, s.last_seen, s.last_packet_error_rate, b.gateway_id AS best_gateway_id,
       b.best AS best_channel_rssi, c.packets AS packet_count
  FROM page p CROSS JOIN LATERAL ()" LAST_OF_DEVICE("{application}") R"() s
  LEFT JOIN best b USING (device_id) LEFT JOIN counted c USING (device_id) ORDER BY 1)";

constexpr std::string_view gateways_seen =
    "SELECT gateway_id, max(best_rssi) AS best_channel_rssi, sum(packet_count)::bigint AS packet_count FROM "
    "gateway_end_device_uplink_statistics_{tier} WHERE " OF_APPLICATION " GROUP BY 1 ORDER BY 1" PAGE;

constexpr std::string_view ratio =
    "SELECT coalesce((SELECT sum(failure_count) FROM application_webhook_failure_{tier} WHERE " OF_APPLICATION
    "), 0)::float8 / nullif((SELECT sum(event_count) FROM application_event_forward_{tier} "
    "WHERE " OF_APPLICATION "), 0)::float8 AS webhook_failure_to_forward_ratio";

constexpr std::array<Query, 36> all_queries{{
    {"gateways-connected", "QueryGatewaysConnected", Subject::all, Tiers::none, ACTIVE("gateway")},
    {"gateways-connectivity", "QueryGatewaysConnectivityTimes", Subject::all, Tiers::statistics,
     connectivity},
    {"gateways-active-metrics", "QueryGatewaysActiveMetrics", Subject::all, Tiers::activity,
     "SELECT count(DISTINCT gateway_id) AS active FROM active_gateways_{tier} WHERE " IN_WINDOW},
    {"gateway-connection-events", "QueryGatewayConnectionEvents", Subject::gateway, Tiers::none,
     connection_events},
    {"gateway-round-trip-times", "QueryGatewayRTTStatistics", Subject::gateway, Tiers::statistics,
     "SELECT " TIME ", min(rtt_min_us) AS min_us, max(rtt_max_us) AS max_us, percentile_cont(0.5) WITHIN "
     "GROUP (ORDER BY rtt_median_us) AS median_us FROM gateway_connection_statistics_{tier} "
     "WHERE " OF_GATEWAY " AND rtt_min_us IS NOT NULL GROUP BY 1 ORDER BY 1"},
    {"gateway-channels-utilization", "QueryGatewayChannelsUtilization", Subject::gateway, Tiers::channels,
     UTILIZATION("gateway_uplink_data_rate_utilization_{tier}", OF_GATEWAY)},
    {"gateway-channels-lora-performance", "QueryGatewayChannelsLoRaPerformance", Subject::gateway,
     Tiers::statistics,
     PERFORMANCE("gateway_uplink_lora_performance_{tier}", "min(min_lora_rssi)", OF_GATEWAY)},
    {"gateway-channels-packet-count", "QueryGatewayChannelsPacketCount", Subject::gateway, Tiers::channels,
     CHANNEL_PACKETS("gateway_uplink_data_rate_utilization_{tier}", OF_GATEWAY)},
    {"gateway-data-rates-packet-count", "QueryGatewayDataRatesPacketCount", Subject::gateway, Tiers::channels,
     RATE_PACKETS("gateway_uplink_data_rate_utilization_{tier}", OF_GATEWAY)},
    {"gateway-traffic", "QueryGatewayTrafficRates", Subject::gateway, Tiers::statistics,
     "SELECT " TIME ", sum(uplink_count)::float8 / " SECONDS
     "::float8 AS uplink_rate, sum(downlink_count)::float8 / " SECONDS
     "::float8 AS downlink_rate FROM gateway_connection_statistics_{tier} WHERE " OF_GATEWAY
     " GROUP BY 1 ORDER BY 1"},
    {"gateway-uptime", "QueryGatewayUptime", Subject::gateway, Tiers::statistics,
     "SELECT least(coalesce(sum(connected_us), 0)::float8 / 1000000 / extract(epoch FROM {to} - "
     "{from})::float8, 1) AS uptime FROM gateway_connection_statistics_{tier} WHERE " OF_GATEWAY},
    {"gateway-top-networks-seen", "QueryGatewayTopNetworksSeen", Subject::gateway, Tiers::statistics,
     top_networks},
    {"applications-active", "QueryApplicationsActive", Subject::all, Tiers::none, ACTIVE("application")},
    {"applications-active-metrics", "QueryApplicationsActiveMetrics", Subject::all, Tiers::activity,
     "SELECT count(DISTINCT application_id) AS active FROM active_applications_{tier} WHERE " IN_WINDOW},
    {"applications-statistics", "QueryApplicationsStatistics", Subject::all, Tiers::statistics, applications},
    {"application-statistics", "QueryApplicationStatistics", Subject::application, Tiers::statistics,
     application_devices},
    {"application-end-devices-active-metrics", "QueryApplicationEndDevicesActiveMetrics",
     Subject::application, Tiers::activity,
     "SELECT count(DISTINCT device_id) AS active" ACTIVE_DEVICES(AND_APPLICATION)},
    {"application-gateways-seen", "QueryApplicationGatewaysSeen", Subject::application, Tiers::statistics,
     gateways_seen},
    {"application-channels-utilization", "QueryApplicationChannelsUtilization", Subject::application,
     Tiers::statistics, UTILIZATION("application_uplink_channels_{tier}", OF_APPLICATION)},
    {"application-channels-lora-performance", "QueryApplicationChannelsLoRaPerformance", Subject::application,
     Tiers::statistics,
     PERFORMANCE("application_uplink_channels_{tier}", "max(max_lora_rssi)", OF_APPLICATION)},
    {"application-channels-packet-count", "QueryApplicationChannelsPacketCount", Subject::application,
     Tiers::statistics, CHANNEL_PACKETS("application_uplink_channels_{tier}", OF_APPLICATION)},
    {"application-data-rates-packet-count", "QueryApplicationDataRatesPacketCount", Subject::application,
     Tiers::statistics, RATE_PACKETS("application_uplink_channels_{tier}", OF_APPLICATION)},
    {"application-event-forward-count", "QueryApplicationEventForwardCount", Subject::application,
     Tiers::statistics,
     "SELECT " TIME ", event_name, sum(event_count)::bigint AS count FROM application_event_forward_{tier} "
     "WHERE " OF_APPLICATION " GROUP BY 1, 2 ORDER BY 1, 2"},
    {"application-webhook-failures", "QueryApplicationWebhookFailure", Subject::application,
     Tiers::statistics,
     "SELECT " TIME ", sum(failure_count)::bigint AS total FROM application_webhook_failure_{tier} "
     "WHERE " OF_APPLICATION " GROUP BY 1 ORDER BY 1"},
    {"application-webhook-failures-top-five", "QueryApplicationWebhookFailureTopFive", Subject::application,
     Tiers::statistics,
     "SELECT " TIME ", status_code, sum(failure_count)::bigint AS total FROM "
     "application_webhook_failure_{tier} WHERE " OF_APPLICATION
     " AND status_code IN (SELECT status_code FROM application_webhook_failure_{tier} WHERE " OF_APPLICATION
     " GROUP BY 1 ORDER BY sum(failure_count) DESC, 1 LIMIT 5) GROUP BY 1, 2 ORDER BY 1, 2"},
    {"application-webhook-failure-ratio", "QueryApplicationWebhookFailureToForwardRatio",
     Subject::application, Tiers::statistics, ratio},
    {"end-devices-active", "QueryEndDevicesActive", Subject::all, Tiers::none, ACTIVE("end_device")},
    {"end-devices-active-metrics", "QueryEndDevicesActiveMetrics", Subject::all, Tiers::activity,
     "SELECT count(*) AS active FROM (SELECT DISTINCT application_id, device_id" ACTIVE_DEVICES("") ") d"},
    {"end-devices-statistics", "QueryEndDevicesStatistics", Subject::all, Tiers::statistics, devices},
    {"end-device-channels-utilization", "QueryEndDeviceChannelsUtilization", Subject::end_device,
     Tiers::statistics, UTILIZATION("end_device_uplink_channels_{tier}", OF_DEVICE)},
    {"end-device-channels-lora-performance", "QueryEndDeviceChannelsLoRaPerformance", Subject::end_device,
     Tiers::statistics, PERFORMANCE("end_device_uplink_channels_{tier}", "max(max_lora_rssi)", OF_DEVICE)},
    {"end-device-channels-packet-count", "QueryEndDeviceChannelsPacketCount", Subject::end_device,
     Tiers::statistics, CHANNEL_PACKETS("end_device_uplink_channels_{tier}", OF_DEVICE)},
    {"end-device-data-rates-packet-count", "QueryEndDeviceDataRatesPacketCount", Subject::end_device,
     Tiers::statistics, RATE_PACKETS("end_device_uplink_channels_{tier}", OF_DEVICE)},
    {"end-device-packet-error-rate", "QueryEndDevicePacketErrorRate", Subject::end_device, Tiers::statistics,
     "SELECT " TIME ", " ERROR_RATE " AS packet_error_rate FROM end_device_data_uplink_statistics_{tier} "
     "WHERE " OF_DEVICE " GROUP BY 1 ORDER BY 1"},
    {"end-device-session-start", "QueryEndDeviceSessionStart", Subject::end_device, Tiers::statistics,
     "SELECT max(session_started_at) AS session_started_at FROM end_device_data_uplink_statistics_{tier} "
     "WHERE " OF_DEVICE},
    {"end-device-last-seen", "QueryEndDeviceLastSeen", Subject::end_device, Tiers::statistics,
     "SELECT max(last_seen) AS last_seen FROM end_device_data_uplink_statistics_{tier} WHERE " OF_DEVICE},
}};

}  // namespace

std::span<const Query> queries() {
    return all_queries;
}

}  // namespace tti::network_operations_center
