CREATE SEQUENCE message_ids;
-- Uplinks and what else an application was sent, as JSON.
CREATE TABLE messages (
    received_at timestamptz NOT NULL,
    id bigint NOT NULL DEFAULT nextval('message_ids'),
    tenant_id text COLLATE "C" NOT NULL DEFAULT '',
    application_id text COLLATE "C" NOT NULL,
    device_id text COLLATE "C" NOT NULL,
    type text COLLATE "C" NOT NULL,
    f_port smallint,
    message json NOT NULL
)/* in chunks of received_at */;
CREATE INDEX messages_by_device ON messages (tenant_id, application_id, device_id, received_at, id);
CREATE INDEX messages_by_application ON messages (tenant_id, application_id, received_at, id);
