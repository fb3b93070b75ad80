"""An archive of what TimescaleDB keeps: lost, brought back, killed in between: backup_test.py BINARY MODULES-FOLDER"""

import os
import re
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True

import both  # noqa: E402
from noc import RAW, Plain, Timescale, aggregates, contents, late  # noqa: E402
import witness  # noqa: E402

SOURCES = Path(__file__).resolve().parents[2] / "src/backup"
WITHOUT = ("--without", "is,redis")
MESSAGES = ("--without", "is,redis,noc")
POLICIES = """SELECT hypertable_schema, hypertable_name, proc_name, scheduled, schedule_interval, config - 'hypertable_id' - 'mat_hypertable_id'
    FROM timescaledb_information.jobs WHERE hypertable_schema IN ('noc', 'storage') ORDER BY 1, 2, 3"""
CHUNKS = """SELECT hypertable_name, time_interval FROM timescaledb_information.dimensions
    WHERE hypertable_schema IN ('noc', 'storage') ORDER BY 1"""
EXPIRED = """SELECT job_id FROM timescaledb_information.jobs WHERE hypertable_schema = 'noc' AND proc_name = 'policy_retention'
    AND hypertable_name IN ('gateway_connection_statistics', 'end_device_data_uplink') ORDER BY 1"""
# Each is passed in the schema of stored messages.
POINTS = ("after make tables", "inside load rows:3", "after load table:2", "after load schema", "after finish schema", "inside unmark")


class Backup(unittest.TestCase):
    maxDiff = 2000

    @classmethod
    def setUpClass(cls):
        cls.server = Timescale()
        cls.addClassCleanup(cls.server.stop)
        cls.place = Path(tempfile.mkdtemp(prefix="tti-timescale-"))
        cls.addClassCleanup(shutil.rmtree, cls.place)
        cls.place.chmod(0o755)

    @classmethod
    def command(cls, *words, code=0, server=None, **variables):
        environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LANG": "C.UTF-8", "TMPDIR": str(cls.place),
                       "TTN_LW_IS_DATABASE_URI": (server or cls.server).uri, "KEY": "correct horse", **variables}
        done = witness.run([both.BINARY, *map(str, words)], env=environment, cwd="/", capture_output=True, text=True,
                              check=False, timeout=600)
        if done.returncode != code:
            raise AssertionError(f"{words} ended with {done.returncode}, not {code}:\n{done.stdout}\n{done.stderr}")
        return " ".join((done.stdout + done.stderr).split())

    def messages(self, server=None):
        """All rows, and what the next message's number is."""
        return [(server or self.server).sql(question) for question in (
            "SELECT count(*), md5(string_agg(t::text, ' ' ORDER BY t::text COLLATE \"C\")) FROM storage.messages t",
            "SELECT last_value, is_called FROM storage.message_ids", "SELECT name, migrated_at FROM storage.bun_migrations ORDER BY 1")]

    def events(self, server):
        return contents(server, (*RAW, *self.aggregates, "net_ids", "net_ids_revision", "bun_migrations"))

    def kept(self):
        return self.server.sql(POLICIES), self.server.sql(CHUNKS)

    def lose(self, server=None):
        for schema in ("storage", "noc", "tti"):
            (server or self.server).sql(f"DROP SCHEMA IF EXISTS {schema} CASCADE")

    def test_1_stored_messages_killed_anywhere_the_same_command_goes_on(self):
        self.command("storage-db", "init", *both.PAGE, "--timescaledb.compress-after-days", "7")
        self.server.sql(both.rows(2))
        archive, before, kept = self.place / "messages", self.messages(), self.kept()
        self.command("backup", archive, *MESSAGES, code=-9, TTI_LW_FAIL_AT="inside dump:2")
        self.assertIn("takes its place", self.command("backup", archive, *MESSAGES))
        for point in POINTS:
            with self.subTest(point=point):
                self.lose()
                self.command("restore", archive, code=-9, TTI_LW_FAIL_AT=point)
                if point != "inside unmark":
                    self.assertIn(f"next: tti-lw-stack restore {archive}", self.command("storage-db", "status", code=3))
                    self.assertIn("has not ended", self.command("backup", self.place / "half", *MESSAGES, code=6))
                self.command("restore", archive)
                self.assertEqual((self.messages(), self.kept()), (before, kept))
                self.assertEqual(self.server.sql("SELECT to_regclass('tti.restores')"), [""])
        self.assertIn("nothing to do", self.command("restore", archive))
        self.command("storage-db", "verify")
        self.command("storage-db", "status")
        self.server.sql("DELETE FROM storage.messages WHERE id < 20")
        self.command("restore", archive, code=6)
        self.command("restore", archive, "--replace", "--yes")
        self.assertEqual((self.messages(), self.kept()), (before, kept))

    def test_2_it_is_verified_where_no_timescaledb_is(self):
        told = self.command("backup", "verify", self.place / "messages")
        self.assertIn("came back as they were", told)
        self.assertIn("in partitions", told)
        copy = self.place / "copy"
        shutil.copytree(self.place / "messages", copy)
        rows = copy / "storage.storage.messages.rows"
        rows.write_bytes(rows.read_bytes().replace(b"tank", b"Tank", 1))
        self.assertIn("messages.rows", self.command("backup", "verify", copy, code=2))

    def test_3_encrypted_it_tells_nothing(self):
        sealed = self.place / "sealed"
        self.command("backup", sealed, *MESSAGES, "--key-from", "env:KEY")
        self.assertIn(b"tank-", (self.place / "messages/storage.storage.messages.rows").read_bytes())
        self.assertNotIn(b"tank-", (sealed / "storage.storage.messages.rows").read_bytes())
        self.assertIn("came back as they were", self.command("backup", "verify", sealed, "--key-from", "env:KEY"))

    def test_4_what_is_not_of_our_layout_is_refused(self):
        refused = ("backup", self.place / "other", *MESSAGES)
        self.server.sql("CREATE TABLE storage.mine (t timestamptz NOT NULL)")
        self.server.sql("SELECT create_hypertable('storage.mine', 't')")
        self.assertIn("storage.mine is not of this program's layout", self.command(*refused, code=6))
        self.server.sql("DROP TABLE storage.mine")
        self.assertFalse((self.place / "other").exists())

    def test_5_aggregates_whose_events_are_gone_come_back(self):
        """Ten days of events, of which three are left; some have come since the aggregates were made."""
        server = self.server
        self.command("noc-db", "init")
        now = server.sql("SELECT now()")[0]
        server.sql(late(now, range(0, 240, 7)))
        for name in aggregates(server):
            server.sql(f"CALL refresh_continuous_aggregate('noc.{name}', NULL, NULL)")
        for job in server.sql(EXPIRED):
            server.sql(f"CALL run_job({job})")
        server.sql(late(now, (1, 2, 30)))
        type(self).aggregates = aggregates(server)
        self.command("backup", self.place / "all", *WITHOUT)
        server.refresh()
        type(self).state, kept, messages = self.events(server), self.kept(), self.messages()
        self.assertEqual(server.sql("SELECT (SELECT min(bucket) FROM noc.active_gateways_1h) < "
                                    "(SELECT min(received_at) FROM noc.gateway_connection_statistics) - interval '4 days'"), ["t"])
        self.lose()
        self.command("restore", self.place / "all", code=-9, TTI_LW_FAIL_AT="after load table:9")
        self.assertIn(f"next: tti-lw-stack restore {self.place}/all", self.command("noc-db", "status", code=3))
        self.assertIn("restored 1 schemas", self.command("restore", self.place / "all"))
        self.assertEqual((self.events(server), self.kept(), self.messages()), (self.state, kept, messages))
        self.command("noc-db", "verify")
        self.command("noc-db", "status")

    def test_6_no_refresh_loses_them(self):
        self.server.refresh()
        for name in self.aggregates:
            self.server.sql(f"CALL refresh_continuous_aggregate('noc.{name}', now() - interval '60 days', NULL)")
        self.assertEqual(self.events(self.server), self.state)

    def test_7_on_partitions_rows_are_the_same(self):
        plain = Plain()
        self.addCleanup(plain.stop)
        self.assertIn("came back as they were", self.command("backup", "verify", self.place / "all"))
        self.assertIn("has no TimescaleDB", self.command("restore", self.place / "all", server=plain))
        self.assertEqual((self.events(plain), self.messages(plain)), (self.state, self.messages()))
        plain.run("maintain")
        self.assertEqual(self.events(plain), self.state)
        plain.run("verify")
        self.command("storage-db", "verify", server=plain)
        self.assertEqual({table["keep_seconds"] for table in plain.data("status")["tables"] if not table["aggregate"]}, {72 * 3600})

    def test_every_point_has_a_kill(self):
        named = set()
        for path in (SOURCES / name for name in ("kept_rows.cpp", "schema_restore.cpp", "restore_operation.cpp")):
            named |= set(re.findall(r'failure_point\("([^"]+)"', path.read_text("utf-8")))
        self.assertEqual(named - {"after clear schema", "after restore schema"}, {point.split(":")[0] for point in POINTS})


if __name__ == "__main__":
    unittest.main()
