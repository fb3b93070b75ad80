"""storage-db on TimescaleDB, beside the same on PostgreSQL: storage_test.py BINARY MODULES-FOLDER"""

import sys
import unittest
from datetime import datetime, timezone

sys.dont_write_bytecode = True

from both import PAGE, Plain, Timescale, rows  # noqa: E402


class Storage(unittest.TestCase):
    maxDiff = 2000

    @classmethod
    def setUpClass(cls):
        cls.timescale, cls.plain = Timescale(), Plain()
        cls.addClassCleanup(cls.timescale.stop)
        cls.addClassCleanup(cls.plain.stop)

    def setUp(self):
        for server in self.both():
            server.clear()

    def both(self):
        return self.timescale, self.plain

    def same(self, *arguments, code=0):
        results = [server.run(*arguments, code=code) for server in self.both()]
        self.assertEqual(*results)
        return results[0]

    def test_the_command_of_the_page(self):
        self.timescale.run("init", *PAGE)
        self.assertEqual(self.timescale.sql(
            "SELECT time_interval FROM timescaledb_information.dimensions WHERE hypertable_schema = 'storage'"), ["12:00:00"])
        self.assertEqual(self.timescale.sql(
            "SELECT config->>'drop_after' FROM timescaledb_information.jobs WHERE hypertable_schema = 'storage'"), ["744:00:00"])
        self.assertIn("nothing to do", self.timescale.run("init", *PAGE))
        self.timescale.run("verify")
        status = self.timescale.data("status")
        self.assertEqual((status["outcome"], status["tables"][0]["way"]), ("done", "timescaledb"))
        self.timescale.run("migrate", "--timescaledb.enable-retention-policy=false")
        self.assertEqual(self.timescale.sql(
            "SELECT count(*) FROM timescaledb_information.jobs WHERE hypertable_schema = 'storage'"), ["0"])

    def test_tables_of_an_older_layout_are_brought_along(self):
        for server in self.both():
            server.run("init")
            server.sql(rows(2))
            before = server.run("export", "--application-id", "water")
            server.sql("DROP TABLE storage.demo_applications; DELETE FROM storage.bun_migrations WHERE name = '20261122000001'")
            server.run("status", code=3)
            server.run("migrate", "--dry-run")
            server.run("status", code=3)
            server.run("migrate", *PAGE)
            server.run("verify")
            self.assertEqual(server.run("export", "--application-id", "water"), before)
        self.assertEqual(self.timescale.data("status")["tables"][0]["way"], "timescaledb")

    def test_results_are_the_same(self):
        for server in self.both():
            server.run("init", "--timescaledb.chunk-time-interval", "12h")
            server.sql(rows(40))
        self.plain.run("maintain")
        for arguments in (["--application-id", "water"], ["--application-id", "water", "--device-id", "tank-1"],
                          ["--application-id", "water", "--type", "join_accept", "--f-port", "3"],
                          ["--application-id", "water", "--order=-received_at", "--limit", "1000"],
                          ["--application-id", "nobody"]):
            self.same("export", *arguments)
            if "--order=-received_at" not in arguments:
                self.same("count", *arguments, "--output", "json")
        self.assertEqual(*[server.run("export", "--application-id", "water", "--format", "csv") for server in self.both()])

    def test_retention_drops_what_the_preview_lists(self):
        previews = []
        for server in self.both():
            server.run("init", "--timescaledb.chunk-time-interval", "12h")
            server.sql(rows(40))
            before = set(server.sql("SELECT id || ' ' || extract(epoch FROM received_at)::bigint FROM storage.messages"))
            preview = server.data("retention", "preview", "--days", "31")
            previews.append([(chunk["from"], chunk["to"], chunk["rows"]) for chunk in preview["expired"] if chunk["rows"]])
            server.run("migrate", *PAGE, code=6)
            self.assertEqual(len(server.sql("SELECT id FROM storage.messages")), len(before))
            server.run("migrate", *PAGE, "--yes")
            after = set(server.sql("SELECT id || ' ' || extract(epoch FROM received_at)::bigint FROM storage.messages"))
            self.assertEqual(len(before - after), preview["rows"])
            self.assertGreater(preview["rows"], 0)
        self.assertEqual(previews[0], previews[1])
        self.plain.run("maintain")
        self.same("export", "--application-id", "water")

    def test_the_job_drops_no_more_than_the_plan_did(self):
        self.timescale.run("init", "--timescaledb.chunk-time-interval", "12h")
        self.timescale.sql(rows(40))
        self.timescale.run("migrate", *PAGE, "--yes")
        before = self.timescale.sql("SELECT count(*) FROM storage.messages")
        self.job("policy_retention")
        self.assertEqual(self.timescale.sql("SELECT count(*) FROM storage.messages"), before)

    def test_a_new_interval_applies_to_new_chunks(self):
        self.timescale.run("init", "--timescaledb.chunk-time-interval", "12h")
        self.timescale.sql(rows(40))
        before = self.timescale.sql("SELECT range_start, range_end FROM timescaledb_information.chunks ORDER BY 1")
        self.timescale.run("init", "--timescaledb.chunk-time-interval", "6")
        self.assertEqual(self.timescale.sql(
            "SELECT range_start, range_end FROM timescaledb_information.chunks ORDER BY 1"), before)
        self.assertEqual(self.timescale.data("status")["tables"][0]["chunk_seconds"], 6 * 3600)

    def test_a_stopped_job_is_found(self):
        self.timescale.run("init", *PAGE)
        self.timescale.run("maintain")
        job = self.timescale.sql("SELECT job_id FROM timescaledb_information.jobs WHERE hypertable_schema = 'storage'")[0]
        self.timescale.sql(f"SELECT alter_job({job}, scheduled => false)")
        self.assertIn("job is stopped", self.timescale.run("status", code=3))
        self.timescale.run("maintain", code=3)

    def test_partitions_become_hypertables_with_their_data(self):
        for server in self.both():
            server.run("init", *PAGE, "--timeseries", "partitions")
            server.sql(rows(3))
            server.run("maintain")
        self.assertEqual(self.timescale.data("status")["tables"][0]["way"], "partitions")
        before = self.timescale.sql("SELECT count(*), sum(id) FROM storage.messages")
        self.timescale.run("migrate", "--timeseries", "timescaledb")
        self.assertEqual(self.timescale.sql("SELECT count(*), sum(id) FROM storage.messages"), before)
        self.timescale.run("verify")
        self.same("export", "--application-id", "water")
        status = self.timescale.data("status")["tables"][0]
        self.assertEqual((status["way"], status["chunk_seconds"], status["retention"]["keep_seconds"]),
                         ("timescaledb", 12 * 3600, 31 * 86400))
        self.assertIn("nothing to do", self.timescale.run("migrate", "--timeseries", "timescaledb"))
        self.timescale.run("migrate", "--timeseries", "partitions", code=6)

    def test_a_conversion_that_is_killed_keeps_everything(self):
        """Rows for which there was no partition, rights and the policy included."""
        server = self.timescale
        server.sql("DROP ROLE IF EXISTS reader; CREATE ROLE reader")
        server.run("init", *PAGE, "--timeseries", "partitions")
        server.sql("GRANT SELECT ON storage.messages TO reader")
        server.sql(rows(3))
        before = server.run("export", "--application-id", "water")
        for point, kept in (("before conversion", "partitions"), ("inside conversion:2", "partitions"),
                            ("after conversion", "timescaledb")):
            server.run("migrate", "--timeseries", "timescaledb", code=-9, TTI_LW_FAIL_AT=point)
            self.assertEqual(server.data("retention", "show")["keep_seconds"], 31 * 86400)
            self.assertEqual(server.run("export", "--application-id", "water"), before)
            self.assertEqual(server.sql("SELECT has_table_privilege('reader', 'storage.messages', 'SELECT')"), ["t"])
            self.assertEqual(server.sql("SELECT relkind = 'p' FROM pg_class WHERE oid = 'storage.messages'::regclass"),
                             ["t" if kept == "partitions" else "f"], point)
        server.run("migrate", "--timeseries", "timescaledb")
        server.run("verify")
        self.assertEqual(server.sql("SELECT relname FROM pg_class WHERE relname LIKE 'messages\\_%' AND relkind IN ('r', 'p')"), [])

    def test_compressed_chunks_are_read_and_dropped_as_others(self):
        words = ("init", "--timescaledb.chunk-time-interval", "24", "--timescaledb.compress-after-days", "7")
        for server in self.both():
            server.run(*words)
            server.sql(rows(12))
        self.plain.run("maintain")
        self.assertIn("nothing to do", self.timescale.run(*words))
        self.job("policy_compression")
        status = self.timescale.data("status")["tables"][0]
        self.assertEqual(status["compression"]["after_seconds"], 7 * 86400)
        compressed = [chunk for chunk in status["chunks"] if chunk["compressed"]]
        self.assertGreater(len(compressed), 2)
        self.assertEqual({chunk["rows"] for chunk in compressed}, {24 * 6})
        self.assertGreater(min(chunk["bytes"] for chunk in compressed), 8000)
        for server in self.both():
            server.sql("INSERT INTO storage.messages (received_at, application_id, device_id, type, message) "
                       "SELECT date_trunc('day', now()) - interval '10 days', 'water', 'late', 'join_accept', '{}'")
        for arguments in (["--application-id", "water"], ["--application-id", "water", "--device-id", "tank-1"]):
            self.same("export", *arguments)
            self.same("count", *arguments)
        previews = [server.data("retention", "preview", "--days", "9") for server in self.both()]
        self.assertEqual(*[[(chunk["from"], chunk["rows"]) for chunk in preview["expired"]] for preview in previews])
        for server in self.both():
            server.run("retention", "set", "--days", "9", "--yes")
        self.same("export", "--application-id", "water")
        self.timescale.run("migrate", "--timescaledb.compress-after-days", "0")
        self.assertIsNone(self.timescale.data("status")["tables"][0]["compression"])

    def test_a_clock_change_moves_nothing(self):
        """Half a day of chunks around the change, and a day without data: what goes is what was listed, on both."""
        change = datetime(2026, 10, 25, 1, tzinfo=timezone.utc)
        days = (datetime.now(timezone.utc) - change).days
        gone = []
        for server in self.both():
            server.run("init", "--timescaledb.chunk-time-interval", "12h")
            server.sql("INSERT INTO storage.messages (received_at, application_id, device_id, type, message) SELECT t, 'a', 'd', "
                       "'join_accept', '{}' FROM generate_series(timestamptz '2026-10-21 00:30Z', '2026-10-28 23:30Z', '1 hour') t "
                       "WHERE t NOT BETWEEN '2026-10-23 00:00Z' AND '2026-10-24 00:00Z'")
            before = self.times(server)
            listed = server.data("retention", "preview", "--days", str(days))["expired"]
            server.run("retention", "set", "--days", str(days), "--yes")
            expected = {time for time in before if any(chunk["from"] <= time < chunk["to"] for chunk in listed)}
            gone.append(before - self.times(server))
            self.assertEqual(gone[-1], expected)
            self.assertEqual(sum(chunk["rows"] for chunk in listed), len(expected))
        self.assertEqual(*gone)
        self.assertGreater(len(gone[0]), 48)
        self.assertLess(len(gone[0]), 168)

    def times(self, server):
        return set(server.sql("SELECT to_char(received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') FROM storage.messages"))

    def test_a_policy_that_would_drop_everything_is_found(self):
        for server in self.both():
            server.run("init", *PAGE)
            server.sql("INSERT INTO storage.messages (received_at, application_id, device_id, type, message) "
                       "SELECT now() - interval '50 days', 'a', 'd', 'join_accept', '{}'")
            self.assertIn("would drop everything", server.run("status", code=3))

    def test_generated_messages_are_the_same_and_removable(self):
        for server in self.both():
            server.run("init", "--timescaledb.chunk-time-interval", "24", "--timescaledb.compress-after-days", "2")
            server.sql(rows(1))
            server.run("demo", "--days", "4", "--devices", "5", "--interval", "1h", "--seed", "3", "--until", "2026-11-01T00:00:00Z")
        self.assertIn("simulated", self.same("export", "--application-id", "demo-1"))
        self.job("policy_compression")
        self.same("export", "--application-id", "demo-2", "--order=-received_at")
        for server in self.both():
            server.run("demo", "--remove")
            self.assertEqual(server.sql("SELECT DISTINCT application_id FROM storage.messages"), ["water"])

    def job(self, procedure):
        number = self.timescale.sql(f"SELECT job_id FROM timescaledb_information.jobs WHERE proc_name = '{procedure}' "
                                    "AND hypertable_schema = 'storage'")[0]
        self.timescale.sql(f"CALL run_job({number})")


if __name__ == "__main__":
    unittest.main()
