-- Connects (0) and disconnects (1).
CREATE TABLE gateway_connection_event (
    received_at timestamptz NOT NULL,
    tenant_id text COLLATE "C" NOT NULL DEFAULT '',
    gateway_id text COLLATE "C" NOT NULL,
    event_type smallint NOT NULL
)/* in chunks of received_at */;
CREATE INDEX gateway_connection_event_by_gateway ON gateway_connection_event (tenant_id, gateway_id, received_at);
CREATE INDEX gateway_connection_event_by_time ON gateway_connection_event USING brin (received_at) WITH (pages_per_range = 16, autosummarize = on);

-- What has passed since the row before of the same connection, so that rows can be added up.
CREATE TABLE gateway_connection_statistics (
    received_at timestamptz NOT NULL,
    tenant_id text COLLATE "C" NOT NULL DEFAULT '',
    gateway_id text COLLATE "C" NOT NULL,
    connected_us bigint NOT NULL,
    uplink_count bigint NOT NULL,
    downlink_count bigint NOT NULL,
    rtt_min_us bigint,
    rtt_max_us bigint,
    rtt_median_us bigint
)/* in chunks of received_at */;
CREATE INDEX gateway_connection_statistics_by_gateway ON gateway_connection_statistics (tenant_id, gateway_id, received_at);
CREATE INDEX gateway_connection_statistics_by_time ON gateway_connection_statistics USING brin (received_at) WITH (pages_per_range = 16, autosummarize = on);

-- Every uplink that a gateway received, of other networks too. snr is NULL where the modulation is not LoRa.
CREATE TABLE gateway_uplink (
    received_at timestamptz NOT NULL,
    tenant_id text COLLATE "C" NOT NULL DEFAULT '',
    gateway_id text COLLATE "C" NOT NULL,
    frequency bigint NOT NULL,
    data_rate text COLLATE "C" NOT NULL,
    airtime_us bigint NOT NULL,
    rssi real NOT NULL,
    snr real,
    net_id integer
)/* in chunks of received_at */;
CREATE INDEX gateway_uplink_by_time ON gateway_uplink USING brin (received_at) WITH (pages_per_range = 16, autosummarize = on);

-- Every uplink of an end device of this network, once for each gateway that received it.
CREATE TABLE gateway_end_device_uplink (
    received_at timestamptz NOT NULL,
    tenant_id text COLLATE "C" NOT NULL DEFAULT '',
    gateway_id text COLLATE "C" NOT NULL,
    application_id text COLLATE "C" NOT NULL,
    device_id text COLLATE "C" NOT NULL,
    frequency bigint NOT NULL,
    data_rate text COLLATE "C" NOT NULL,
    rssi real NOT NULL,
    snr real
)/* in chunks of received_at */;
CREATE INDEX gateway_end_device_uplink_by_time ON gateway_end_device_uplink USING brin (received_at) WITH (pages_per_range = 16, autosummarize = on);

-- Every uplink of an end device once, with the best signal. frames_lost: missing between the frame before and this one.
CREATE TABLE end_device_data_uplink (
    received_at timestamptz NOT NULL,
    tenant_id text COLLATE "C" NOT NULL DEFAULT '',
    application_id text COLLATE "C" NOT NULL,
    device_id text COLLATE "C" NOT NULL,
    session_started_at timestamptz,
    f_cnt bigint NOT NULL,
    frames_lost bigint NOT NULL DEFAULT 0,
    frequency bigint NOT NULL,
    data_rate text COLLATE "C" NOT NULL,
    airtime_us bigint NOT NULL,
    rssi real NOT NULL,
    snr real
)/* in chunks of received_at */;
CREATE INDEX end_device_data_uplink_by_time ON end_device_data_uplink USING brin (received_at) WITH (pages_per_range = 16, autosummarize = on);

-- What applications were sent, by the name of the event.
CREATE TABLE application_event_forward (
    received_at timestamptz NOT NULL,
    tenant_id text COLLATE "C" NOT NULL DEFAULT '',
    application_id text COLLATE "C" NOT NULL,
    event_name text COLLATE "C" NOT NULL
)/* in chunks of received_at */;
CREATE INDEX application_event_forward_by_time ON application_event_forward USING brin (received_at) WITH (pages_per_range = 16, autosummarize = on);

-- Failures of webhooks. status_code is 0 where there was no answer.
CREATE TABLE application_webhook_failure (
    received_at timestamptz NOT NULL,
    tenant_id text COLLATE "C" NOT NULL DEFAULT '',
    application_id text COLLATE "C" NOT NULL,
    webhook_id text COLLATE "C" NOT NULL,
    status_code integer NOT NULL
)/* in chunks of received_at */;
CREATE INDEX application_webhook_failure_by_time ON application_webhook_failure USING brin (received_at) WITH (pages_per_range = 16, autosummarize = on);
