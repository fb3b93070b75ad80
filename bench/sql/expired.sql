-- Of each kind 2 * n entities: the first n were deleted a month ago, the others live. No row is an orphan.
SET synchronous_commit = off;
CREATE FUNCTION pg_temp.gone(i bigint, n bigint) RETURNS timestamptz LANGUAGE sql
    AS $$ SELECT CASE WHEN i <= n THEN now() - interval '30 days' END $$;
CREATE FUNCTION pg_temp.a_live_one(i bigint, n bigint) RETURNS bigint LANGUAGE sql AS $$ SELECT n + 1 + i % n $$;

INSERT INTO users (id, created_at, updated_at, deleted_at, name, primary_email_address, password,
    password_updated_at, require_password_update, state, admin)
SELECT md5('user' || i)::uuid, now(), now(), pg_temp.gone(i, :n), 'User ' || i, 'user-' || i || '@example.com',
    'PBKDF2$sha256$20000$' || md5(i::text) || '$' || md5('hash' || i), now(), false, 1, false
FROM generate_series(1, 2 * :n) i;
INSERT INTO organizations (id, created_at, updated_at, deleted_at, name, fanout_notifications)
SELECT md5('organization' || i)::uuid, now(), now(), pg_temp.gone(i, :n), 'Organization ' || i, true
FROM generate_series(1, 2 * :n) i;
INSERT INTO accounts (id, created_at, updated_at, deleted_at, uid, account_id, account_type)
SELECT md5(kind || ' account' || i)::uuid, now(), now(), pg_temp.gone(i, :n), kind || '-' || i, md5(kind || i)::uuid, kind
FROM generate_series(1, 2 * :n) i, unnest(ARRAY['user', 'organization']) kind;

-- The contact of one live application and gateway in ten is a user who goes.
INSERT INTO applications (id, created_at, updated_at, deleted_at, application_id, name, administrative_contact_id)
SELECT md5('application' || i)::uuid, now(), now(), pg_temp.gone(i, :n), 'application-' || i, 'Application ' || i,
    CASE WHEN i > :n AND i % 10 = 0 THEN md5('user account' || i - :n)::uuid END
FROM generate_series(1, 2 * :n) i;
INSERT INTO gateways (id, created_at, updated_at, deleted_at, gateway_eui, gateway_id, name, auto_update,
    status_public, location_public, schedule_downlink_late, enforce_duty_cycle, technical_contact_id)
SELECT md5('gateway' || i)::uuid, now(), now(), pg_temp.gone(i, :n), upper(lpad(to_hex(i), 16, '0')), 'gateway-' || i,
    'Gateway ' || i, false, true, true, false, true,
    CASE WHEN i > :n AND i % 10 = 0 THEN md5('user account' || i - :n)::uuid END
FROM generate_series(1, 2 * :n) i;
INSERT INTO clients (id, created_at, updated_at, deleted_at, client_id, name, state, skip_authorization, endorsed)
SELECT md5('client' || i)::uuid, now(), now(), pg_temp.gone(i, :n), 'client-' || i, 'Client ' || i, 1, false, false
FROM generate_series(1, 2 * :n) i;

INSERT INTO end_devices (id, created_at, updated_at, application_id, device_id, name, join_eui, dev_eui)
SELECT md5('device' || 3 * i + k)::uuid, now(), now(), 'application-' || i, 'device-' || k, 'Device ' || k,
    '70B3D57ED0000000', upper(lpad(to_hex(3 * i + k), 16, '0'))
FROM generate_series(1, 2 * :n) i, generate_series(0, 2) k;
INSERT INTO end_device_locations (created_at, updated_at, end_device_id, service, latitude, longitude, source)
SELECT now(), now(), id, 'user', 52.3, 4.9, 1 FROM end_devices;
INSERT INTO gateway_antennas (created_at, updated_at, gateway_id, index, gain, latitude, longitude)
SELECT now(), now(), id, 0, 3, 52.3, 4.9 FROM gateways;

INSERT INTO api_keys (created_at, updated_at, api_key_id, key, rights, entity_id, entity_type)
SELECT now(), now(), md5(kind || i || k), 'PBKDF2$sha256$1000$' || md5('salt' || i), '{55}', md5(kind || i)::uuid, kind
FROM generate_series(1, 2 * :n) i, generate_series(1, 2) k,
    unnest(ARRAY['application', 'user', 'organization', 'gateway', 'client']) kind;
INSERT INTO attributes (entity_id, entity_type, key, value)
SELECT md5(kind || i)::uuid, kind, 'site', 'site ' || i
FROM generate_series(1, 2 * :n) i, unnest(ARRAY['application', 'user', 'organization', 'gateway', 'client']) kind;
INSERT INTO attributes (entity_id, entity_type, key, value) SELECT id, 'device', 'site', device_id FROM end_devices;

INSERT INTO memberships (created_at, updated_at, account_id, rights, entity_id, entity_type)
SELECT now(), now(), md5('user account' || pg_temp.a_live_one(i + k, :n))::uuid, '{55}', md5(kind || i)::uuid, kind
FROM generate_series(1, 2 * :n) i, generate_series(0, 1) k,
    unnest(ARRAY['application', 'organization', 'gateway', 'client']) kind;
INSERT INTO memberships (created_at, updated_at, account_id, rights, entity_id, entity_type)
SELECT now(), now(), md5(kind || ' account' || i)::uuid, '{55}', md5('application' || pg_temp.a_live_one(i + k, :n))::uuid,
    'application'
FROM generate_series(1, 2 * :n) i, generate_series(0, 1) k, unnest(ARRAY['user', 'organization']) kind;

INSERT INTO user_sessions (created_at, updated_at, user_id, session_secret)
SELECT now(), now(), id, md5(id::text) FROM users, generate_series(1, 2);
INSERT INTO login_tokens (created_at, updated_at, user_id, token, used)
SELECT now(), now(), id, md5(id::text), true FROM users;
INSERT INTO email_validations (created_at, updated_at, user_uuid, email_address, reference, token)
SELECT now(), now(), id, primary_email_address, md5(id::text), md5('token' || id) FROM users;
INSERT INTO user_bookmarks (created_at, updated_at, user_id, entity_id, entity_type)
SELECT now(), now(), 'user-' || i, 'application-' || pg_temp.a_live_one(i, :n), 'application'
FROM generate_series(1, 2 * :n) i;
INSERT INTO access_tokens (created_at, updated_at, client_id, user_id, token_id, access_token, refresh_token)
SELECT now(), now(), md5('client' || pg_temp.a_live_one(i, :n))::uuid, md5('user' || i)::uuid, 'user-' || i, '', ''
FROM generate_series(1, 2 * :n) i
UNION ALL
SELECT now(), now(), md5('client' || i)::uuid, md5('user' || pg_temp.a_live_one(i, :n))::uuid, 'client-' || i, '', ''
FROM generate_series(1, 2 * :n) i;
INSERT INTO client_authorizations (created_at, updated_at, client_id, user_id)
SELECT created_at, updated_at, client_id, user_id FROM access_tokens;

INSERT INTO notifications (id, created_at, updated_at, entity_id, entity_type, entity_uid, notification_type,
    sender_uid, email)
SELECT md5('notification' || i)::uuid, now(), now(), md5('application' || i)::uuid, 'application',
    'application-' || i, 'api_key_created', '', false
FROM generate_series(1, 2 * :n) i;
INSERT INTO notification_receivers (notification_id, receiver_id, status, status_updated_at)
SELECT md5('notification' || i)::uuid, md5('user' || pg_temp.a_live_one(i, :n))::uuid, 1, now()
FROM generate_series(1, 2 * :n) i;
