-- A large network in the layout of release 3.20: users, gateways and devices end devices, a tenth of the users'
-- number of organizations, 50 end devices an application.
SET synchronous_commit = off;

INSERT INTO users (id, created_at, updated_at, name, primary_email_address, password, password_updated_at,
    require_password_update, state, admin)
SELECT md5('user' || i)::uuid, now(), now(), 'User ' || i, 'user-' || i || '@example.com',
    'PBKDF2$sha256$20000$' || md5(i::text) || '$' || md5('hash' || i), now(), false, 1, false
FROM generate_series(1, :users) i;

INSERT INTO organizations (id, created_at, updated_at, name)
SELECT md5('organization' || i)::uuid, now(), now(), 'Organization ' || i FROM generate_series(1, :users / 10) i;

INSERT INTO accounts (id, created_at, updated_at, uid, account_id, account_type)
SELECT md5('user account' || i)::uuid, now(), now(), 'user-' || i, md5('user' || i)::uuid, 'user'
FROM generate_series(1, :users) i;
INSERT INTO accounts (id, created_at, updated_at, uid, account_id, account_type)
SELECT md5('organization account' || i)::uuid, now(), now(), 'organization-' || i, md5('organization' || i)::uuid,
    'organization'
FROM generate_series(1, :users / 10) i;

INSERT INTO applications (id, created_at, updated_at, application_id, name)
SELECT md5('application' || i)::uuid, now(), now(), 'application-' || i, 'Application ' || i
FROM generate_series(0, :devices / 50) i;

INSERT INTO end_devices (created_at, updated_at, application_id, device_id, name, join_eui, dev_eui, brand_id,
    model_id, band_id, network_server_address, application_server_address, join_server_address, last_seen_at)
SELECT now(), now(), 'application-' || i / 50, 'device-' || i, 'Device ' || i, '70B3D57ED0000000',
    upper(lpad(to_hex(i), 16, '0')), 'brand', 'model', 'EU_863_870', 'eu1.example.com', 'eu1.example.com',
    'eu1.example.com', now()
FROM generate_series(1, :devices) i;

INSERT INTO gateways (id, created_at, updated_at, gateway_eui, gateway_id, name, gateway_server_address,
    auto_update, frequency_plan_id, status_public, location_public, schedule_downlink_late, enforce_duty_cycle)
SELECT md5('gateway' || i)::uuid, now(), now(), upper(lpad(to_hex(i), 16, '0')), 'gateway-' || i, 'Gateway ' || i,
    'eu1.example.com', false, 'EU_863_870', true, true, false, true
FROM generate_series(1, :gateways) i;

INSERT INTO memberships (created_at, updated_at, account_id, rights, entity_id, entity_type)
SELECT now(), now(), md5('user account' || 1 + i % :users)::uuid, '{55}', md5('gateway' || i)::uuid, 'gateway'
FROM generate_series(1, :gateways) i;
INSERT INTO memberships (created_at, updated_at, account_id, rights, entity_id, entity_type)
SELECT now(), now(), md5('user account' || 1 + i % :users)::uuid, '{55}', md5('application' || i)::uuid, 'application'
FROM generate_series(0, :devices / 50) i;
INSERT INTO memberships (created_at, updated_at, account_id, rights, entity_id, entity_type)
SELECT now(), now(), md5('user account' || i)::uuid, '{55}', md5('organization' || 1 + i % (:users / 10))::uuid,
    'organization'
FROM generate_series(1, :users) i;

INSERT INTO contact_infos (contact_type, contact_method, value, public, entity_id, entity_type)
SELECT 1, 1, 'user-' || i || '@example.com', false, md5('user' || i)::uuid, 'user' FROM generate_series(1, :users) i;
INSERT INTO contact_infos (contact_type, contact_method, value, public, entity_id, entity_type)
SELECT 1, 1, 'gateway-' || i || '@example.com', false, md5('gateway' || i)::uuid, 'gateway'
FROM generate_series(1, :gateways) i;

-- One in ten still open; those of gateways are not moved by the migration.
INSERT INTO contact_info_validations (created_at, updated_at, reference, token, entity_id, entity_type,
    contact_method, value, used, expires_at)
SELECT now(), now(), md5('reference' || i), md5('token' || i), md5('user' || i)::uuid, 'user', 1,
    'user-' || i || '@example.com', i % 10 <> 0, CASE WHEN i % 10 = 0 THEN now() + interval '1 year' ELSE now() END
FROM generate_series(1, :users) i;
INSERT INTO contact_info_validations (created_at, updated_at, reference, token, entity_id, entity_type,
    contact_method, value, used, expires_at)
SELECT now(), now(), md5('reference' || i), md5('token' || i), md5('gateway' || i)::uuid, 'gateway', 1,
    'gateway-' || i || '@example.com', true, now()
FROM generate_series(1, :gateways / 10) i;
