"""Tests of the runner's own dealings with databases: rows, snapshots, held locks. Starts a server of its own."""

import sys
import unittest

sys.dont_write_bytecode = True

from parse import ScenarioError, parse_text  # noqa: E402
from place import Place  # noqa: E402
from runner import Runner  # noqa: E402
from servers import Postgres  # noqa: E402

TABLE = "sql exec: CREATE SCHEMA tti; CREATE TABLE tti.operations (a int); CREATE TABLE t (a int, b text)\n"
PSQL = "$ psql ${database_uri} -c "


class Databases(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.postgres = Postgres.start()
        cls.addClassCleanup(cls.postgres.stop)

    def run_scenario(self, text, needs="postgres"):
        scenario = parse_text("selftest.scenario", f"# A trial.\nneeds: {needs}\n" + text)
        place = Place(scenario, "/bin/true", self.postgres)
        try:
            Runner(scenario, place).run()
        finally:
            place.take_down()

    def assert_fails(self, part, text):
        with self.assertRaises(ScenarioError) as raised:
            self.run_scenario(text)
        self.assertIn(part, str(raised.exception))

    def test_rows(self):
        self.run_scenario("sql: SELECT 1, NULL, 'x' UNION ALL SELECT 2, '', 'y'\n| 1 | NULL | x\n| 2 |  | y\n")
        self.assert_fails("- 2\n+ 1", "sql: SELECT 1\n| 2\n")
        self.assert_fails("does not exist", "sql: SELECT * FROM missing\n")

    def test_each_scenario_has_an_empty_database(self):
        for _ in range(2):
            self.run_scenario(TABLE)

    def test_unchanged_sees_every_change(self):
        for change in ("INSERT INTO t VALUES (1)", "CREATE TABLE u (a int)", "CREATE INDEX ON t (a)", "DROP TABLE t",
                       "ALTER TABLE t ADD COLUMN c int", "CREATE VIEW v AS SELECT 1", "CREATE SCHEMA s",
                       "ALTER TABLE t ALTER b SET NOT NULL", "CREATE SEQUENCE q", "ALTER TABLE t ADD CHECK (a > 0)"):
            self.assert_fails("the database changed", f"{TABLE}{PSQL}'{change}'\nunchanged\n")

    def test_unchanged_leaves_out_the_journal_unless_strict(self):
        insert = "'INSERT INTO tti.operations VALUES (1)'\nunchanged"
        self.run_scenario(TABLE + PSQL + insert + "\n")
        self.assert_fails("the database changed", TABLE + PSQL + insert + " strictly\n")

    def test_a_held_lock_blocks_until_released(self):
        self.run_scenario(
            TABLE + "hold blocker: BEGIN; LOCK TABLE t\nbackground reader " + PSQL + "'TABLE t'\n"
            "eventually sql: SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
            "AND datname = current_database()\n| 1\nrelease blocker\nwait reader\n")

    def test_the_database_s_password_is_a_secret(self):
        self.assert_fails("is shown", "$ echo ${database_uri}\n")
        self.run_scenario("$ psql postgresql://stack:wrong@127.0.0.1:${port}/${database}\nexit 2\nstderr contains: authentication\n")

    def test_replica_and_pooler(self):
        self.run_scenario("$ psql ${replica_uri} -Atc 'SELECT pg_is_in_recovery()'\nstdout:\n| t\n", "replica")
        self.run_scenario("$ psql ${pgbouncer_uri} -Atc 'SELECT current_user'\nstdout:\n| stack\n", "pgbouncer")


if __name__ == "__main__":
    unittest.main()
