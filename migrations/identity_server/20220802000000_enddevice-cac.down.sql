ALTER TABLE end_devices
    DROP COLUMN IF EXISTS claim_authentication_code_secret,
    DROP COLUMN IF EXISTS claim_authentication_code_valid_from,
    DROP COLUMN IF EXISTS claim_authentication_code_valid_to;
