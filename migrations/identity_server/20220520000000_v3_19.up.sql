-- A database of release 3.19 has every table of 3.20 already; four indexes are not wanted any more.
DROP INDEX IF EXISTS uix_authorization_codes_code;
DROP INDEX IF EXISTS uix_invitations_email;
DROP INDEX IF EXISTS uix_invitations_token;
DROP INDEX IF EXISTS eui_block_index;
