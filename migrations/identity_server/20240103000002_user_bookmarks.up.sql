CREATE TABLE IF NOT EXISTS user_bookmarks (
    id uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz,
    user_id varchar(36) NOT NULL,
    entity_id varchar(36) NOT NULL,
    entity_type varchar(32) NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS user_bookmarks_user_id_entity_id_entity_type_idx
    ON user_bookmarks (user_id, entity_id, entity_type);
