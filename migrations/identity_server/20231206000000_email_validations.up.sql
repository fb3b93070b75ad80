CREATE TABLE IF NOT EXISTS email_validations (
    id uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    expires_at timestamptz,
    user_uuid uuid NOT NULL,
    email_address varchar NOT NULL,
    reference varchar NOT NULL,
    token varchar NOT NULL,
    used boolean NOT NULL DEFAULT false
);
CREATE UNIQUE INDEX IF NOT EXISTS email_validation_index ON email_validations (reference, token);

INSERT INTO email_validations (created_at, updated_at, expires_at, user_uuid, email_address, reference, token, used)
SELECT created_at, updated_at, expires_at, entity_id, value, reference, token, false
FROM contact_info_validations
WHERE contact_method = 1 AND entity_type = 'user' AND used IS NOT TRUE
    AND (expires_at IS NULL OR expires_at > now());

DELETE FROM contact_info_validations WHERE contact_method = 1 AND entity_type = 'user';
