-- A default that is dropped again sets every row at once, without rewriting or updating one.
ALTER TABLE organizations ADD COLUMN IF NOT EXISTS fanout_notifications boolean DEFAULT true;
ALTER TABLE organizations ALTER COLUMN fanout_notifications DROP DEFAULT;
UPDATE organizations SET fanout_notifications = true WHERE fanout_notifications IS NULL;

CREATE OR REPLACE VIEW organization_accounts AS
SELECT acc.id AS account_id, acc.created_at AS account_created_at, acc.updated_at AS account_updated_at,
    acc.deleted_at AS account_deleted_at, acc.uid AS account_uid, org.*
FROM accounts acc
JOIN organizations org ON org.id = acc.account_id AND acc.account_type = 'organization';
