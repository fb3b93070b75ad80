#pragma once

#include <string>

#include <fmt/format.h>

namespace tti::identity_server::test {

// Rows for every table: of each kind `expired` entities deleted 30 days ago, `recent` ones deleted an hour
// ago, and `live` ones, each with rows in every table that can depend on it. Row IDs are md5 of kind and
// number, so that a test can name them. Entities refer to each other across these three, so that expired ones
// are contacts, senders and members of live ones.
inline std::string filled_database(int expired, int recent, int live) {
    const std::string numbers = fmt::format(
        "(SELECT n, CASE WHEN n <= {} THEN now() - interval '30 days' WHEN n <= {} THEN now() - interval '1 "
        "hour' END "
        "AS gone FROM generate_series(1, {}) n) x",
        expired, expired + recent, expired + recent + live);
    constexpr std::string_view old = "now() - interval '90 days'";
    std::string sql = fmt::format(R"(
CREATE OR REPLACE FUNCTION pg_temp.key(kind text, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT md5(kind || n)::uuid $$;
CREATE TEMP TABLE numbers AS SELECT *, 1 + (n * 7) % {total} AS other FROM {numbers};
INSERT INTO pictures (id, created_at, updated_at, data)
  SELECT pg_temp.key(k, n), {old}, {old}, 'picture' FROM numbers, unnest(ARRAY['user picture', 'device picture']) k;
INSERT INTO users (id, created_at, updated_at, deleted_at, name, primary_email_address, password, password_updated_at, require_password_update, state, admin, profile_picture_id)
  SELECT pg_temp.key('user', n), {old}, {old}, gone, 'User ' || n, 'user' || n || '@example.com', 'hash', {old}, false, 1, false, pg_temp.key('user picture', n) FROM numbers;
INSERT INTO organizations (id, created_at, updated_at, deleted_at, name, administrative_contact_id, technical_contact_id, fanout_notifications)
  SELECT pg_temp.key('organization', n), {old}, {old}, gone, E'Tab\tand \\ and "quote"', pg_temp.key('user account', n), pg_temp.key('organization account', other), true FROM numbers;
INSERT INTO accounts (id, created_at, updated_at, deleted_at, uid, account_id, account_type)
  SELECT pg_temp.key(k || ' account', n), {old}, {old}, gone, k || '-' || n, pg_temp.key(k, n), k FROM numbers, unnest(ARRAY['user', 'organization']) k;
INSERT INTO applications (id, created_at, updated_at, deleted_at, application_id, description, administrative_contact_id, technical_contact_id)
  SELECT pg_temp.key('application', n), {old}, {old}, gone, 'application-' || n, E'lines\nof text', pg_temp.key('user account', other), pg_temp.key('organization account', n) FROM numbers;
INSERT INTO gateways (id, created_at, updated_at, deleted_at, gateway_id, gateway_eui, administrative_contact_id, technical_contact_id, auto_update, status_public, location_public, schedule_downlink_late, enforce_duty_cycle, lbs_lns_secret)
  SELECT pg_temp.key('gateway', n), {old}, {old}, gone, 'gateway-' || n, lpad(to_hex(n), 16, '0'), pg_temp.key('user account', other), pg_temp.key('user account', n), true, true, true, false, true, '\x3a00ff5c' FROM numbers;
INSERT INTO clients (id, created_at, updated_at, deleted_at, client_id, redirect_uris, state, skip_authorization, endorsed, grants, rights, administrative_contact_id, technical_contact_id)
  SELECT pg_temp.key('client', n), {old}, {old}, gone, 'client-' || n, '{{"/a,b","c\\d"}}', 1, true, true, '{{0,2}}', '{{55}}', pg_temp.key('organization account', other), NULL FROM numbers;
INSERT INTO end_devices (id, created_at, updated_at, application_id, device_id, join_eui, dev_eui, picture_id)
  SELECT pg_temp.key('end_device', 2 * n + i), {old}, {old}, 'application-' || n, 'device-' || i, '70B3D57ED0000000', lpad(to_hex(2 * n + i), 16, '0'), CASE WHEN i = 0 THEN pg_temp.key('device picture', n) END FROM numbers, generate_series(0, 1) i;
INSERT INTO end_device_locations (created_at, updated_at, end_device_id, service, latitude, longitude, source)
  SELECT {old}, {old}, pg_temp.key('end_device', 2 * n + i), 'user', 1.5, -2.25, 3 FROM numbers, generate_series(0, 1) i;
INSERT INTO gateway_antennas (created_at, updated_at, gateway_id, index) SELECT {old}, {old}, pg_temp.key('gateway', n), i FROM numbers, generate_series(0, 1) i;
CREATE TEMP TABLE entities AS SELECT pg_temp.key(k, n) AS id, k AS type, k || '-' || n AS uid, n, other FROM numbers, unnest(ARRAY['application', 'user', 'organization', 'gateway', 'client']) k
  UNION ALL SELECT pg_temp.key('end_device', 2 * n + i), 'end_device', 'device-' || i, n, other FROM numbers, generate_series(0, 1) i;
INSERT INTO api_keys (created_at, updated_at, api_key_id, key, rights, entity_id, entity_type) SELECT {old}, {old}, 'key ' || id || i, 'hash', '{{55}}', id, type FROM entities, generate_series(0, 1) i WHERE type <> 'end_device';
INSERT INTO attributes (entity_id, entity_type, key, value) SELECT id, CASE type WHEN 'end_device' THEN 'device' ELSE type END, 'place', 'roof' FROM entities;
INSERT INTO memberships (created_at, updated_at, account_id, rights, entity_id, entity_type) SELECT {old}, {old}, pg_temp.key('user account', m), '{{28}}', id, type FROM entities, LATERAL (VALUES (n), (other)) AS v(m) WHERE type NOT IN ('end_device', 'user');
INSERT INTO memberships (created_at, updated_at, account_id, rights, entity_id, entity_type) SELECT {old}, {old}, pg_temp.key('organization account', other), '{{28}}', id, type FROM entities WHERE type IN ('application', 'gateway', 'client', 'user');
INSERT INTO notifications (id, created_at, updated_at, entity_id, entity_type, entity_uid, notification_type, data, sender_id, sender_uid, receivers, email) SELECT md5('notification' || id)::uuid, {old}, {old}, id, type, uid, 'api_key_created', '{{}}', pg_temp.key('user', other), 'user-' || other, '{{1}}', false FROM entities;
INSERT INTO notification_receivers (notification_id, receiver_id, status, status_updated_at) SELECT md5('notification' || id)::uuid, pg_temp.key('user', r), 0, {old} FROM entities, LATERAL (SELECT DISTINCT unnest(ARRAY[n, other])) AS v(r);
INSERT INTO contact_infos (contact_type, contact_method, value, entity_id, entity_type) SELECT 0, 1, 'a@example.com', id, type FROM entities WHERE n % 10 = 1;
INSERT INTO contact_info_validations (created_at, updated_at, reference, token, entity_id, entity_type, contact_method, value) SELECT {old}, {old}, 'r' || id, 't', id, type, 1, 'a@example.com' FROM entities WHERE n % 10 = 1;
INSERT INTO user_bookmarks (created_at, updated_at, user_id, entity_id, entity_type) SELECT {old}, {old}, 'user-' || m, CASE type WHEN 'end_device' THEN 'application-' || n || '.' || uid ELSE uid END, CASE type WHEN 'end_device' THEN 'end device' ELSE type END FROM entities, LATERAL (SELECT DISTINCT unnest(ARRAY[n, other])) AS v(m);
INSERT INTO user_sessions (id, created_at, updated_at, user_id) SELECT pg_temp.key('session', n), {old}, {old}, pg_temp.key('user', n) FROM numbers;
INSERT INTO login_tokens (created_at, updated_at, user_id, token) SELECT {old}, {old}, pg_temp.key('user', n), 'login ' || n FROM numbers;
INSERT INTO email_validations (created_at, updated_at, user_uuid, email_address, reference, token) SELECT {old}, {old}, pg_temp.key('user', n), 'a@example.com', 'r' || n, 't' FROM numbers;
INSERT INTO invitations (created_at, updated_at, email, token, accepted_by_id, accepted_at) SELECT {old}, {old}, 'i' || n || '@example.com', 'i' || n, pg_temp.key('user', n), {old} FROM numbers;
INSERT INTO client_authorizations (created_at, updated_at, client_id, user_id, rights) SELECT {old}, {old}, pg_temp.key('client', n), pg_temp.key('user', m), '{{1}}' FROM numbers, LATERAL (VALUES (n), (other)) AS v(m);
INSERT INTO authorization_codes (created_at, updated_at, client_id, user_id, user_session_id, code) SELECT {old}, {old}, pg_temp.key('client', n), pg_temp.key('user', other), pg_temp.key('session', other), 'code ' || n FROM numbers;
INSERT INTO access_tokens (created_at, updated_at, client_id, user_id, user_session_id, token_id, access_token, refresh_token) SELECT {old}, {old}, pg_temp.key('client', n), pg_temp.key('user', other), pg_temp.key('session', other), 'token ' || n, 'hash', '' FROM numbers;
INSERT INTO eui_blocks (created_at, updated_at, type, start_eui, end_counter, current_counter) VALUES ({old}, {old}, 'dev_eui', '70B3D57ED0060000', 4095, 11);
DROP TABLE numbers, entities;
)",
                                  fmt::arg("old", old), fmt::arg("numbers", numbers),
                                  fmt::arg("total", expired + recent + live));
    return sql;
}

}  // namespace tti::identity_server::test
