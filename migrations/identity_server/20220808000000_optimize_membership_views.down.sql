DROP VIEW IF EXISTS indirect_entity_memberships;
DROP VIEW IF EXISTS direct_entity_memberships;

CREATE VIEW entity_friendly_ids AS
SELECT 'application' AS entity_type, id AS entity_id, application_id AS friendly_id FROM applications
UNION
SELECT 'client' AS entity_type, id AS entity_id, client_id AS friendly_id FROM clients
UNION
SELECT 'gateway' AS entity_type, id AS entity_id, gateway_id AS friendly_id FROM gateways
UNION
SELECT 'organization' AS entity_type, account_id AS entity_id, uid AS friendly_id
FROM accounts WHERE account_type = 'organization'
UNION
SELECT 'user' AS entity_type, account_id AS entity_id, uid AS friendly_id
FROM accounts WHERE account_type = 'user';

CREATE VIEW direct_entity_memberships AS
SELECT acc.account_type, acc.id AS account_id, acc.uid AS account_friendly_id,
    mem.rights, mem.entity_type, mem.entity_id, ids.friendly_id AS entity_friendly_id
FROM accounts acc
JOIN memberships mem ON mem.account_id = acc.id
JOIN entity_friendly_ids ids ON ids.entity_type = mem.entity_type AND ids.entity_id = mem.entity_id
WHERE acc.deleted_at IS NULL;

CREATE VIEW indirect_entity_memberships AS
SELECT usr.id AS user_account_id, usr.uid AS user_account_friendly_id, via.rights AS user_rights,
    org.id AS organization_account_id, org.uid AS organization_account_friendly_id,
    mem.rights AS entity_rights, mem.entity_type, mem.entity_id, ids.friendly_id AS entity_friendly_id
FROM accounts usr
JOIN memberships via ON via.account_id = usr.id AND via.entity_type = 'organization'
JOIN accounts org ON org.account_type = via.entity_type AND org.account_id = via.entity_id
JOIN memberships mem ON mem.account_id = org.id
JOIN entity_friendly_ids ids ON ids.entity_type = mem.entity_type AND ids.entity_id = mem.entity_id
WHERE usr.deleted_at IS NULL AND usr.account_type = 'user' AND org.deleted_at IS NULL;
