ALTER TABLE end_devices
    ADD COLUMN IF NOT EXISTS claim_authentication_code_secret bytea,
    ADD COLUMN IF NOT EXISTS claim_authentication_code_valid_from timestamptz,
    ADD COLUMN IF NOT EXISTS claim_authentication_code_valid_to timestamptz;
