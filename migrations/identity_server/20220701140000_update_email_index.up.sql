DROP INDEX IF EXISTS uix_users_primary_email_address;
CREATE UNIQUE INDEX uix_users_primary_email_address ON users (lower(primary_email_address)) WHERE deleted_at IS NULL;
