"""noc-db moves from partitions to TimescaleDB, killed at each of its failure points: noc_conversion_test.py BINARY MODULES-FOLDER"""

import re
import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True

from noc import ABOUT, RAW, Plain, Timescale, aggregates, contents, copy_tables, late, questions  # noqa: E402

SOURCES = [Path(__file__).resolve().parents[2] / "src" / name
           for name in ("timeseries/rollup_convert.cpp", "network_operations_center/conversion.cpp")]
DEMO = ("demo", "--days", "9", "--gateways", "3", "--applications", "2", "--devices", "8", "--interval", "2h")
CONVERSION = ("migrate", "--timeseries", "timescaledb")
# In the order in which one run after the other comes to them; each goes on where the one before was killed.
POINTS = ("before conversion", "inside copy:3", "after hypertable:2", "after aggregate:1", "after aggregate refresh:2",
          "after older buckets:3", "after place:4", "after last refresh", "inside jobs", "after conversion")


class Conversion(unittest.TestCase):
    maxDiff = 2000

    @classmethod
    def setUpClass(cls):
        """Nine days on both, of whose events three are left; the aggregates of the rest are still there."""
        cls.timescale, cls.plain = Timescale(), Plain()
        cls.addClassCleanup(cls.timescale.stop)
        cls.addClassCleanup(cls.plain.stop)
        cls.plain.run("init")
        cls.plain.run(*DEMO)
        cls.plain.run("maintain")
        cls.timescale.run("init", "--timeseries", "partitions")
        cls.timescale.sql("CREATE ROLE reader; GRANT USAGE ON SCHEMA noc TO reader; GRANT SELECT ON ALL TABLES IN SCHEMA noc TO reader")
        cls.aggregates = aggregates(cls.plain)
        copy_tables((*RAW, *cls.aggregates), cls.plain, cls.timescale)
        for source in cls.plain.sql("SELECT source, complete_from FROM noc.roll_up_sources WHERE isfinite(complete_from)"):
            name, complete = source.split("|")
            cls.timescale.sql(f"UPDATE noc.roll_up_sources SET complete_from = '{complete}' WHERE source = '{name}'")
        cls.timescale.sql("TRUNCATE noc.roll_up_changes")

    def tables(self, server):
        return contents(server, (*RAW, *self.aggregates))

    def test_1_killed_anywhere_every_row_is_there_all_the_time(self):
        server = self.timescale
        before = self.tables(server)
        self.assertEqual(before, self.tables(self.plain))
        self.assertEqual(server.sql("SELECT (SELECT min(bucket) FROM noc.gateway_uplink_data_rate_utilization_5m) < "
                                    "(SELECT min(received_at) FROM noc.gateway_uplink) - interval '4 days'"), ["t"])
        words = CONVERSION
        for point in POINTS:
            with self.subTest(point=point):
                server.run(*words, code=-9, TTI_LW_FAIL_AT=point)
                self.assertEqual(self.tables(server), before)
            if point.startswith("after hypertable"):
                words = ("migrate",)
                self.assertIn("noc-db migrate", server.run("status", code=3))
                for refused in ("maintain", "init", "verify"):
                    server.run(refused, code=3)
                self.assertTrue(server.data("query", "gateways-connected", *ABOUT)["rows"])
        self.assertIn("nothing to do", server.run(*CONVERSION))
        server.run("migrate", "--timeseries", "partitions", code=6)

    def test_2_everything_is_kept_by_timescaledb(self):
        server = self.timescale
        server.run("verify")
        status = server.data("status")
        self.assertEqual((status["outcome"], status["way"]), ("done", "timescaledb"))
        self.assertEqual({table["keep_seconds"] for table in status["tables"] if not table["aggregate"]}, {72 * 3600})
        self.assertEqual({table["keep_seconds"] for table in status["tables"] if table["aggregate"]}, {30 * 86400})
        self.assertEqual(len([job for job in status["jobs"] if job["work"] == "policy_refresh_continuous_aggregate"]), len(self.aggregates))
        self.assertEqual(server.sql("SELECT count(*) FROM pg_class WHERE relnamespace = 'noc'::regnamespace AND relkind = 'p'"), ["0"])
        self.assertEqual(server.sql(" UNION ".join(f"SELECT has_table_privilege('reader', 'noc.{name}', 'SELECT')"
                                                   for name in ("gateway_uplink", *self.aggregates))), ["t"])

    def test_3_no_refresh_loses_what_was_carried_over(self):
        server = self.timescale
        before = self.tables(server)
        for name in self.aggregates:
            server.sql(f"CALL refresh_continuous_aggregate('noc.{name}', now() - interval '60 days', NULL)")
        server.refresh()
        self.assertEqual(self.tables(server), before)

    def test_4_answers_are_the_same(self):
        until = self.plain.sql("SELECT max(received_at)::timestamptz(0) + interval '1 minute' FROM noc.end_device_data_uplink")[0]
        until = until.replace(" ", "T").replace("+00", "Z")
        for name in questions():
            for last in ("60h", "200h"):
                question = ("query", name, *ABOUT, "--to", until, "--last", last, "--bucket", "2h")
                self.assertEqual(*[server.data(*question)["rows"] for server in (self.timescale, self.plain)], (name, last))

    def test_5_late_events_still_count(self):
        now = self.plain.sql("SELECT now()")[0]
        for server in (self.timescale, self.plain):
            server.sql(late(now, (0, 7, 30, 69)))
            server.refresh()
        for name in self.aggregates:
            self.assertEqual(*[server.sql(f"SET timezone = 'UTC'; SELECT t::text FROM noc.{name} t WHERE tenant_id = 'acme' ORDER BY t::text COLLATE \"C\"")
                               for server in (self.timescale, self.plain)], name)

    def test_6_every_point_has_a_kill(self):
        texts = [path.read_text("utf-8") for path in SOURCES]
        named = {name for text in texts for name in re.findall(r'\b(?:failure_point|progress)\("((?:before|inside|after)[^"]*)"', text)}
        self.assertEqual(named | {"inside copy"}, {point.split(":")[0] for point in POINTS})


if __name__ == "__main__":
    unittest.main()
