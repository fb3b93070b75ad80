DROP VIEW IF EXISTS indirect_entity_memberships;
DROP VIEW IF EXISTS direct_entity_memberships;
DROP VIEW IF EXISTS entity_friendly_ids;

CREATE VIEW direct_entity_memberships AS
SELECT acc.account_type, acc.id AS account_id, acc.uid AS account_friendly_id,
    mem.rights, mem.entity_type, mem.entity_id,
    CASE mem.entity_type
        WHEN 'application' THEN (SELECT application_id FROM applications WHERE id = mem.entity_id)
        WHEN 'client' THEN (SELECT client_id FROM clients WHERE id = mem.entity_id)
        WHEN 'gateway' THEN (SELECT gateway_id FROM gateways WHERE id = mem.entity_id)
        WHEN 'organization' THEN
            (SELECT uid FROM accounts WHERE account_type = 'organization' AND account_id = mem.entity_id)
    END AS entity_friendly_id
FROM accounts acc
JOIN memberships mem ON mem.account_id = acc.id
WHERE acc.deleted_at IS NULL;

CREATE VIEW indirect_entity_memberships AS
SELECT usr.id AS user_account_id, usr.uid AS user_account_friendly_id, via.rights AS user_rights,
    org.id AS organization_account_id, org.uid AS organization_account_friendly_id,
    mem.rights AS entity_rights, mem.entity_type, mem.entity_id,
    CASE mem.entity_type
        WHEN 'application' THEN (SELECT application_id FROM applications WHERE id = mem.entity_id)
        WHEN 'client' THEN (SELECT client_id FROM clients WHERE id = mem.entity_id)
        WHEN 'gateway' THEN (SELECT gateway_id FROM gateways WHERE id = mem.entity_id)
    END AS entity_friendly_id
FROM accounts usr
JOIN memberships via ON via.account_id = usr.id AND via.entity_type = 'organization'
JOIN accounts org ON org.account_type = via.entity_type AND org.account_id = via.entity_id
JOIN memberships mem ON mem.account_id = org.id
WHERE usr.deleted_at IS NULL AND usr.account_type = 'user' AND org.deleted_at IS NULL;
