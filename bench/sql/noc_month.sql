-- What the aggregates on events would be made of by a month of a large network: every end device sends every hour of the
-- last eight days, which are all that questions of a week and less read, and once a day before that. Days and weeks are
-- made of these hours by noc-db maintain, for which they are noted at the end.
-- Rows come in the order in which refreshes would have brought them: bucket after bucket.
-- Given: devices, applications, gateways, until.
SET search_path = noc;
SET timezone = 'UTC';
SET work_mem = '512MB';

CREATE TEMPORARY TABLE hours AS
    SELECT h, date_trunc('hour', timestamptz :'until') - h * interval '1 hour' AS bucket, h < 192 AS recent
      FROM generate_series(0, 719) AS h;
CREATE TEMPORARY TABLE end_devices AS
    SELECT d, format('demo-%s', lpad((d % :applications)::text, 4, '0')) AS application_id,
           format('device-%s', lpad(d::text, 6, '0')) AS device_id, d * 7 % :gateways AS home, 7 + d % 6 AS factor
      FROM generate_series(0, :devices - 1) AS d;
CREATE TEMPORARY VIEW uplinks AS
    SELECT bucket, application_id, device_id, d, h, home, 867100000 + 200000 * ((d + h) % 8) AS frequency,
           format('SF%sBW125', factor) AS data_rate, factor
      FROM end_devices, hours WHERE recent OR h % 24 = d % 24;
CREATE TEMPORARY VIEW heard AS
    SELECT bucket, g, format('demo-gateway-%s', lpad(g::text, 5, '0')) AS gateway_id, h
      FROM generate_series(0, :gateways - 1) AS g, hours WHERE recent OR h % 24 = g % 24;

-- Those of the few end devices that were generated with the gateways.
DELETE FROM end_device_data_uplink_statistics_1h;
DELETE FROM active_end_devices_1h;
DELETE FROM end_device_uplink_channels_1h;
DELETE FROM gateway_end_device_uplink_statistics_1h;
DELETE FROM gateway_uplink_data_rate_utilization_5m;
DELETE FROM gateway_uplink_lora_performance_1h;
DELETE FROM gateway_network_uplink_1h;
DELETE FROM active_applications_1h;
DELETE FROM application_event_forward_1h;
DELETE FROM application_webhook_failure_1h;

INSERT INTO end_device_data_uplink_statistics_1h (bucket, tenant_id, application_id, device_id, packet_count, frames_lost, last_seen, session_started_at)
    SELECT bucket, 'demo', application_id, device_id, 1, ((d + h) % 33 = 0)::integer, bucket + d % 3600 * interval '1 second',
           timestamptz :'until' - interval '30 days' FROM uplinks ORDER BY bucket, application_id, device_id;
INSERT INTO active_end_devices_1h (bucket, tenant_id, application_id, device_id, events)
    SELECT bucket, 'demo', application_id, device_id, 1 FROM uplinks ORDER BY bucket, application_id, device_id;
INSERT INTO end_device_uplink_channels_1h (bucket, tenant_id, application_id, device_id, frequency, data_rate, packet_count, airtime_us, max_lora_rssi)
    SELECT bucket, 'demo', application_id, device_id, frequency, data_rate, 1, 51456 * (1 << factor - 7), -60 - (d + h) % 60 FROM uplinks
     ORDER BY bucket, application_id, device_id;
INSERT INTO gateway_end_device_uplink_statistics_1h (bucket, tenant_id, application_id, device_id, gateway_id, best_rssi, packet_count)
    SELECT bucket, 'demo', application_id, device_id, format('demo-gateway-%s', lpad(((home + g) % :gateways)::text, 5, '0')),
           -60 - 8 * g - (d + h) % 30, 1 FROM uplinks, generate_series(0, 2) AS g WHERE g <= (d + h) % 3
     ORDER BY bucket, application_id, device_id;

-- A gateway hears forty uplinks an hour. Before the last two days it is once on every channel with every data rate a day.
INSERT INTO gateway_uplink_data_rate_utilization_5m (bucket, tenant_id, gateway_id, frequency, data_rate, packet_count, airtime_us)
    SELECT bucket + n % 12 * interval '5 minutes', 'demo', gateway_id, 867100000 + 200000 * (n % 8), format('SF%sBW125', 7 + n / 8), 1,
           51456 * (1 << n / 8) FROM heard, generate_series(0, 47) AS n WHERE (h < 48 AND n < 40) OR (h >= 48 AND h % 24 = g % 24)
     ORDER BY bucket, gateway_id;
INSERT INTO gateway_uplink_lora_performance_1h (bucket, tenant_id, gateway_id, frequency, min_lora_rssi)
    SELECT bucket, 'demo', gateway_id, 867100000 + 200000 * n, -110 - (g + h + n) % 10 FROM heard, generate_series(0, 7) AS n ORDER BY bucket, gateway_id;
INSERT INTO gateway_network_uplink_1h (bucket, tenant_id, gateway_id, net_id, packet_count)
    SELECT bucket, 'demo', gateway_id, n, 5 + (g + h) % 9 FROM heard, unnest(ARRAY[8, 15, 18, 19, 24]) AS n ORDER BY bucket, gateway_id;

CREATE TEMPORARY VIEW applications AS
    SELECT bucket, h, a, format('demo-%s', lpad(a::text, 4, '0')) AS application_id
      FROM generate_series(0, :applications - 1) AS a, hours;
INSERT INTO active_applications_1h (bucket, tenant_id, application_id, events)
    SELECT bucket, 'demo', application_id, :devices / :applications FROM applications;
INSERT INTO application_event_forward_1h (bucket, tenant_id, application_id, event_name, event_count)
    SELECT bucket, 'demo', application_id, 'as.up.data.forward', :devices / :applications FROM applications;
INSERT INTO application_webhook_failure_1h (bucket, tenant_id, application_id, status_code, failure_count)
    SELECT bucket, 'demo', application_id, status, 1 + (a + h) % 3 FROM applications, unnest(ARRAY[0, 404, 500, 502, 503]) AS status;

INSERT INTO roll_up_changes (source, unit)
    SELECT DISTINCT source, date_bin(CASE source WHEN 'gateway_uplink_data_rate_utilization_5m' THEN interval '1 hour'
                                     ELSE interval '1 day' END, bucket, '2000-01-03Z')
      FROM hours, unnest(ARRAY['end_device_data_uplink_statistics_1h', 'active_end_devices_1h', 'end_device_uplink_channels_1h',
                               'gateway_end_device_uplink_statistics_1h', 'gateway_uplink_data_rate_utilization_5m',
                               'gateway_uplink_lora_performance_1h', 'gateway_network_uplink_1h', 'active_applications_1h',
                               'application_event_forward_1h', 'application_webhook_failure_1h']) AS source;
