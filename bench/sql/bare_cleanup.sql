-- What is-db cleanup deletes, as bare statements: no batches, no counts, no journal, no undo file.
BEGIN;
SELECT now() - interval '1 day' AS t \gset

-- Applications, with their end devices.
DELETE FROM notifications d USING end_devices v, applications e
WHERE e.deleted_at < :'t' AND v.application_id = e.application_id AND d.entity_type = 'end_device' AND d.entity_id = v.id;
DELETE FROM api_keys d USING end_devices v, applications e
WHERE e.deleted_at < :'t' AND v.application_id = e.application_id AND d.entity_type = 'end_device' AND d.entity_id = v.id;
DELETE FROM memberships d USING end_devices v, applications e
WHERE e.deleted_at < :'t' AND v.application_id = e.application_id AND d.entity_type = 'end_device' AND d.entity_id = v.id;
DELETE FROM contact_infos d USING end_devices v, applications e
WHERE e.deleted_at < :'t' AND v.application_id = e.application_id AND d.entity_type = 'end_device' AND d.entity_id = v.id;
DELETE FROM contact_info_validations d USING end_devices v, applications e
WHERE e.deleted_at < :'t' AND v.application_id = e.application_id AND d.entity_type = 'end_device' AND d.entity_id = v.id;
DELETE FROM attributes d USING end_devices v, applications e
WHERE e.deleted_at < :'t' AND v.application_id = e.application_id AND d.entity_type = 'device' AND d.entity_id = v.id;
DELETE FROM end_device_locations d USING end_devices v, applications e
WHERE e.deleted_at < :'t' AND v.application_id = e.application_id AND d.end_device_id = v.id;
DELETE FROM user_bookmarks d USING end_devices v, applications e
WHERE e.deleted_at < :'t' AND v.application_id = e.application_id AND d.entity_type = 'end device' AND d.entity_id = v.application_id || '.' || v.device_id;
DELETE FROM end_devices d USING applications e WHERE e.deleted_at < :'t' AND d.application_id = e.application_id;
DELETE FROM notification_receivers d USING notifications n, applications e
WHERE e.deleted_at < :'t' AND n.entity_type = 'application' AND n.entity_id = e.id AND d.notification_id = n.id;
DELETE FROM notifications d USING applications e
WHERE e.deleted_at < :'t' AND d.entity_type = 'application' AND d.entity_id = e.id;
DELETE FROM api_keys d USING applications e
WHERE e.deleted_at < :'t' AND d.entity_type = 'application' AND d.entity_id = e.id;
DELETE FROM memberships d USING applications e
WHERE e.deleted_at < :'t' AND d.entity_type = 'application' AND d.entity_id = e.id;
DELETE FROM contact_infos d USING applications e
WHERE e.deleted_at < :'t' AND d.entity_type = 'application' AND d.entity_id = e.id;
DELETE FROM contact_info_validations d USING applications e
WHERE e.deleted_at < :'t' AND d.entity_type = 'application' AND d.entity_id = e.id;
DELETE FROM attributes d USING applications e
WHERE e.deleted_at < :'t' AND d.entity_type = 'application' AND d.entity_id = e.id;
DELETE FROM user_bookmarks d USING applications e
WHERE e.deleted_at < :'t' AND d.entity_type = 'application' AND d.entity_id = e.application_id;
DELETE FROM applications WHERE deleted_at < :'t';

-- Users.
DELETE FROM notification_receivers d USING notifications n, users e
WHERE e.deleted_at < :'t' AND n.entity_type = 'user' AND n.entity_id = e.id AND d.notification_id = n.id;
DELETE FROM notifications d USING users e
WHERE e.deleted_at < :'t' AND d.entity_type = 'user' AND d.entity_id = e.id;
DELETE FROM api_keys d USING users e
WHERE e.deleted_at < :'t' AND d.entity_type = 'user' AND d.entity_id = e.id;
DELETE FROM memberships d USING users e
WHERE e.deleted_at < :'t' AND d.entity_type = 'user' AND d.entity_id = e.id;
DELETE FROM contact_infos d USING users e
WHERE e.deleted_at < :'t' AND d.entity_type = 'user' AND d.entity_id = e.id;
DELETE FROM contact_info_validations d USING users e
WHERE e.deleted_at < :'t' AND d.entity_type = 'user' AND d.entity_id = e.id;
DELETE FROM attributes d USING users e
WHERE e.deleted_at < :'t' AND d.entity_type = 'user' AND d.entity_id = e.id;
DELETE FROM memberships d USING accounts a, users e
WHERE e.deleted_at < :'t' AND a.account_id = e.id AND d.account_id = a.id;
DELETE FROM user_bookmarks d USING accounts a, users e
WHERE e.deleted_at < :'t' AND a.account_id = e.id AND d.entity_type = 'user' AND d.entity_id = a.uid;
DELETE FROM user_bookmarks d USING accounts a, users e
WHERE e.deleted_at < :'t' AND a.account_id = e.id AND d.user_id = a.uid;
DELETE FROM notification_receivers d USING users e WHERE e.deleted_at < :'t' AND d.receiver_id = e.id;
DELETE FROM access_tokens d USING users e WHERE e.deleted_at < :'t' AND d.user_id = e.id;
DELETE FROM authorization_codes d USING users e WHERE e.deleted_at < :'t' AND d.user_id = e.id;
DELETE FROM client_authorizations d USING users e WHERE e.deleted_at < :'t' AND d.user_id = e.id;
DELETE FROM user_sessions d USING users e WHERE e.deleted_at < :'t' AND d.user_id = e.id;
DELETE FROM login_tokens d USING users e WHERE e.deleted_at < :'t' AND d.user_id = e.id;
DELETE FROM email_validations d USING users e WHERE e.deleted_at < :'t' AND d.user_uuid = e.id;
UPDATE applications d SET administrative_contact_id = NULL FROM accounts a, users e
WHERE e.deleted_at < :'t' AND a.account_id = e.id AND d.administrative_contact_id = a.id;
UPDATE applications d SET technical_contact_id = NULL FROM accounts a, users e
WHERE e.deleted_at < :'t' AND a.account_id = e.id AND d.technical_contact_id = a.id;
UPDATE clients d SET administrative_contact_id = NULL FROM accounts a, users e
WHERE e.deleted_at < :'t' AND a.account_id = e.id AND d.administrative_contact_id = a.id;
UPDATE clients d SET technical_contact_id = NULL FROM accounts a, users e
WHERE e.deleted_at < :'t' AND a.account_id = e.id AND d.technical_contact_id = a.id;
UPDATE gateways d SET administrative_contact_id = NULL FROM accounts a, users e
WHERE e.deleted_at < :'t' AND a.account_id = e.id AND d.administrative_contact_id = a.id;
UPDATE gateways d SET technical_contact_id = NULL FROM accounts a, users e
WHERE e.deleted_at < :'t' AND a.account_id = e.id AND d.technical_contact_id = a.id;
UPDATE organizations d SET administrative_contact_id = NULL FROM accounts a, users e
WHERE e.deleted_at < :'t' AND a.account_id = e.id AND d.administrative_contact_id = a.id;
UPDATE organizations d SET technical_contact_id = NULL FROM accounts a, users e
WHERE e.deleted_at < :'t' AND a.account_id = e.id AND d.technical_contact_id = a.id;
DELETE FROM accounts d USING users e
WHERE e.deleted_at < :'t' AND d.account_type = 'user' AND d.account_id = e.id;
DELETE FROM users WHERE deleted_at < :'t';

-- Organizations.
DELETE FROM notification_receivers d USING notifications n, organizations e
WHERE e.deleted_at < :'t' AND n.entity_type = 'organization' AND n.entity_id = e.id AND d.notification_id = n.id;
DELETE FROM notifications d USING organizations e
WHERE e.deleted_at < :'t' AND d.entity_type = 'organization' AND d.entity_id = e.id;
DELETE FROM api_keys d USING organizations e
WHERE e.deleted_at < :'t' AND d.entity_type = 'organization' AND d.entity_id = e.id;
DELETE FROM memberships d USING organizations e
WHERE e.deleted_at < :'t' AND d.entity_type = 'organization' AND d.entity_id = e.id;
DELETE FROM contact_infos d USING organizations e
WHERE e.deleted_at < :'t' AND d.entity_type = 'organization' AND d.entity_id = e.id;
DELETE FROM contact_info_validations d USING organizations e
WHERE e.deleted_at < :'t' AND d.entity_type = 'organization' AND d.entity_id = e.id;
DELETE FROM attributes d USING organizations e
WHERE e.deleted_at < :'t' AND d.entity_type = 'organization' AND d.entity_id = e.id;
DELETE FROM memberships d USING accounts a, organizations e
WHERE e.deleted_at < :'t' AND a.account_id = e.id AND d.account_id = a.id;
DELETE FROM user_bookmarks d USING accounts a, organizations e
WHERE e.deleted_at < :'t' AND a.account_id = e.id AND d.entity_type = 'organization' AND d.entity_id = a.uid;
UPDATE applications d SET administrative_contact_id = NULL FROM accounts a, organizations e
WHERE e.deleted_at < :'t' AND a.account_id = e.id AND d.administrative_contact_id = a.id;
UPDATE applications d SET technical_contact_id = NULL FROM accounts a, organizations e
WHERE e.deleted_at < :'t' AND a.account_id = e.id AND d.technical_contact_id = a.id;
UPDATE clients d SET administrative_contact_id = NULL FROM accounts a, organizations e
WHERE e.deleted_at < :'t' AND a.account_id = e.id AND d.administrative_contact_id = a.id;
UPDATE clients d SET technical_contact_id = NULL FROM accounts a, organizations e
WHERE e.deleted_at < :'t' AND a.account_id = e.id AND d.technical_contact_id = a.id;
UPDATE gateways d SET administrative_contact_id = NULL FROM accounts a, organizations e
WHERE e.deleted_at < :'t' AND a.account_id = e.id AND d.administrative_contact_id = a.id;
UPDATE gateways d SET technical_contact_id = NULL FROM accounts a, organizations e
WHERE e.deleted_at < :'t' AND a.account_id = e.id AND d.technical_contact_id = a.id;
UPDATE organizations d SET administrative_contact_id = NULL FROM accounts a, organizations e
WHERE e.deleted_at < :'t' AND a.account_id = e.id AND d.administrative_contact_id = a.id;
UPDATE organizations d SET technical_contact_id = NULL FROM accounts a, organizations e
WHERE e.deleted_at < :'t' AND a.account_id = e.id AND d.technical_contact_id = a.id;
DELETE FROM accounts d USING organizations e
WHERE e.deleted_at < :'t' AND d.account_type = 'organization' AND d.account_id = e.id;
DELETE FROM organizations WHERE deleted_at < :'t';

-- Gateways.
DELETE FROM notification_receivers d USING notifications n, gateways e
WHERE e.deleted_at < :'t' AND n.entity_type = 'gateway' AND n.entity_id = e.id AND d.notification_id = n.id;
DELETE FROM notifications d USING gateways e
WHERE e.deleted_at < :'t' AND d.entity_type = 'gateway' AND d.entity_id = e.id;
DELETE FROM api_keys d USING gateways e
WHERE e.deleted_at < :'t' AND d.entity_type = 'gateway' AND d.entity_id = e.id;
DELETE FROM memberships d USING gateways e
WHERE e.deleted_at < :'t' AND d.entity_type = 'gateway' AND d.entity_id = e.id;
DELETE FROM contact_infos d USING gateways e
WHERE e.deleted_at < :'t' AND d.entity_type = 'gateway' AND d.entity_id = e.id;
DELETE FROM contact_info_validations d USING gateways e
WHERE e.deleted_at < :'t' AND d.entity_type = 'gateway' AND d.entity_id = e.id;
DELETE FROM attributes d USING gateways e
WHERE e.deleted_at < :'t' AND d.entity_type = 'gateway' AND d.entity_id = e.id;
DELETE FROM user_bookmarks d USING gateways e
WHERE e.deleted_at < :'t' AND d.entity_type = 'gateway' AND d.entity_id = e.gateway_id;
DELETE FROM gateway_antennas d USING gateways e WHERE e.deleted_at < :'t' AND d.gateway_id = e.id;
DELETE FROM gateways WHERE deleted_at < :'t';

-- OAuth clients.
DELETE FROM notification_receivers d USING notifications n, clients e
WHERE e.deleted_at < :'t' AND n.entity_type = 'client' AND n.entity_id = e.id AND d.notification_id = n.id;
DELETE FROM notifications d USING clients e
WHERE e.deleted_at < :'t' AND d.entity_type = 'client' AND d.entity_id = e.id;
DELETE FROM api_keys d USING clients e
WHERE e.deleted_at < :'t' AND d.entity_type = 'client' AND d.entity_id = e.id;
DELETE FROM memberships d USING clients e
WHERE e.deleted_at < :'t' AND d.entity_type = 'client' AND d.entity_id = e.id;
DELETE FROM contact_infos d USING clients e
WHERE e.deleted_at < :'t' AND d.entity_type = 'client' AND d.entity_id = e.id;
DELETE FROM contact_info_validations d USING clients e
WHERE e.deleted_at < :'t' AND d.entity_type = 'client' AND d.entity_id = e.id;
DELETE FROM attributes d USING clients e
WHERE e.deleted_at < :'t' AND d.entity_type = 'client' AND d.entity_id = e.id;
DELETE FROM user_bookmarks d USING clients e
WHERE e.deleted_at < :'t' AND d.entity_type = 'client' AND d.entity_id = e.client_id;
DELETE FROM access_tokens d USING clients e WHERE e.deleted_at < :'t' AND d.client_id = e.id;
DELETE FROM authorization_codes d USING clients e WHERE e.deleted_at < :'t' AND d.client_id = e.id;
DELETE FROM client_authorizations d USING clients e WHERE e.deleted_at < :'t' AND d.client_id = e.id;
DELETE FROM clients WHERE deleted_at < :'t';
COMMIT;
