#pragma once

#include "identity_server/cleanup_fixture.hpp"

namespace tti::identity_server::test {

// What a cleanup must leave, worked out from a copy of all rows and without the rules of the purge: of the
// rows that name something expired in any column nothing is left, but for references that are cleared; all
// others are as they were.
class Expectation {
  public:
    explicit Expectation(const Database& database) : database_(database) {
        database.execute(R"(
CREATE SCHEMA before;
CREATE TABLE before.gone AS SELECT v::text AS value FROM (
  SELECT id::text FROM (SELECT id, deleted_at FROM applications UNION ALL SELECT id, deleted_at FROM users UNION ALL SELECT id, deleted_at FROM organizations
    UNION ALL SELECT id, deleted_at FROM gateways UNION ALL SELECT id, deleted_at FROM clients UNION ALL SELECT id, deleted_at FROM accounts) x WHERE deleted_at < now() - interval '1 day'
  UNION ALL SELECT application_id FROM applications WHERE deleted_at < now() - interval '1 day'
  UNION ALL SELECT client_id FROM clients WHERE deleted_at < now() - interval '1 day'
  UNION ALL SELECT gateway_id FROM gateways WHERE deleted_at < now() - interval '1 day'
  UNION ALL SELECT uid FROM accounts WHERE deleted_at < now() - interval '1 day') y(v);
INSERT INTO before.gone SELECT unnest(ARRAY[id::text, application_id || '.' || device_id]) FROM end_devices JOIN before.gone ON value = application_id;
INSERT INTO before.gone SELECT n.id::text FROM notifications n JOIN before.gone ON value = entity_id::text;
INSERT INTO before.gone SELECT u.profile_picture_id::text FROM users u JOIN before.gone ON value = u.id::text;
INSERT INTO before.gone SELECT e.picture_id::text FROM end_devices e JOIN before.gone ON value = e.id::text WHERE picture_id IS NOT NULL;
DO $$ DECLARE t record; BEGIN
  FOR t IN SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' LOOP
    EXECUTE format($f$CREATE TABLE before.%1$I AS SELECT
      (SELECT jsonb_object_agg(e.key, CASE WHEN e.key <> ALL (%2$L) OR e.value #>> '{}' NOT IN (SELECT value FROM before.gone) THEN e.value
                                           WHEN e.key = 'sender_uid' THEN '""' ELSE 'null' END) FROM jsonb_each(to_jsonb(d)) e) AS content
      FROM public.%1$I d WHERE NOT EXISTS (SELECT 1 FROM jsonb_each(to_jsonb(d)) e JOIN before.gone g ON g.value = e.value #>> '{}' WHERE e.key <> ALL (%2$L))$f$,
      t.relname, '{administrative_contact_id,technical_contact_id,accepted_by_id,sender_id,sender_uid}');
  END LOOP;
END $$;)");
    }

    // One line for each table that differs: what is missing, and what should not be there.
    [[nodiscard]] std::string differences() const {
        database_.execute(R"(
DROP TABLE IF EXISTS before.differences; CREATE TABLE before.differences (name text, missing bigint, wrong bigint, sample text);
DO $$ DECLARE t record; BEGIN
  FOR t IN SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' LOOP
    EXECUTE format('INSERT INTO before.differences SELECT %1$L, (SELECT count(*) FROM (SELECT content FROM before.%1$I EXCEPT ALL SELECT to_jsonb(d) FROM public.%1$I d) x),
      (SELECT count(*) FROM (SELECT to_jsonb(d) FROM public.%1$I d EXCEPT ALL SELECT content FROM before.%1$I) x),
      (SELECT to_jsonb(d)::text FROM public.%1$I d EXCEPT ALL SELECT content::text FROM before.%1$I LIMIT 1)', t.relname);
  END LOOP;
END $$;)");
        return database_.rows("SELECT * FROM before.differences WHERE missing + wrong > 0 ORDER BY 1");
    }

  private:
    const Database& database_;
};

}  // namespace tti::identity_server::test
