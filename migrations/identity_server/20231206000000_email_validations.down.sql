INSERT INTO contact_info_validations
    (created_at, updated_at, expires_at, entity_id, entity_type, contact_method, value, reference, token)
SELECT created_at, updated_at, expires_at, user_uuid, 'user', 1, email_address, reference, token
FROM email_validations
WHERE NOT used AND (expires_at IS NULL OR expires_at > now());

DROP TABLE email_validations;
