DROP VIEW IF EXISTS indirect_entity_memberships;
DROP VIEW IF EXISTS direct_entity_memberships;
DROP VIEW IF EXISTS entity_friendly_ids;
