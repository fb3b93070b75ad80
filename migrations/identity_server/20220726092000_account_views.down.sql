DROP VIEW IF EXISTS user_accounts;
DROP VIEW IF EXISTS organization_accounts;
