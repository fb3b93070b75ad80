"""noc-db on TimescaleDB, beside the same on PostgreSQL: noc_test.py BINARY MODULES-FOLDER"""

import json
import re
import sys
import unittest
from collections import Counter

sys.dont_write_bytecode = True

from noc import ABOUT, RAW, Plain, Timescale, aggregates, copy_tables, late, questions  # noqa: E402

DEMO = ("demo", "--days", "2", "--gateways", "4", "--applications", "2", "--devices", "12", "--interval", "40m")
# Ten days, so that events may be later than the three that are the least.
KEEP = {"TTN_LW_NOC_STORE_RAW_DATA_RETENTION": "240h"}
# What aggregates must be, from the events alone.
DIRECT = {
    "active_gateways_1h": "SELECT date_trunc('hour', received_at), tenant_id, gateway_id, count(*) FROM noc.gateway_connection_statistics GROUP BY 1, 2, 3",
    "active_gateways_1d": "SELECT date_trunc('day', received_at), tenant_id, gateway_id, count(*) FROM noc.gateway_connection_statistics GROUP BY 1, 2, 3",
    "active_gateway_count_1d": "SELECT date_trunc('day', received_at), tenant_id, count(DISTINCT gateway_id) FROM noc.gateway_connection_statistics GROUP BY 1, 2",
    "active_gateway_count_1w": "SELECT date_trunc('week', received_at), tenant_id, count(DISTINCT gateway_id) FROM noc.gateway_connection_statistics GROUP BY 1, 2",
    "active_end_device_count_1w": "SELECT date_trunc('week', received_at), tenant_id, count(DISTINCT (application_id, device_id)) FROM noc.end_device_data_uplink GROUP BY 1, 2",
    "active_end_device_hours_1d": "SELECT date_trunc('day', received_at), tenant_id, application_id, device_id, bit_or(1 << extract(hour FROM received_at)::integer) FROM noc.end_device_data_uplink GROUP BY 1, 2, 3, 4",
    "active_end_device_days_1w": "SELECT date_trunc('week', received_at), tenant_id, application_id, device_id, bit_or(1 << extract(isodow FROM received_at)::integer - 1) FROM noc.end_device_data_uplink GROUP BY 1, 2, 3, 4",
    "end_device_data_uplink_statistics_1d": "SELECT date_trunc('day', received_at), tenant_id, application_id, device_id, count(*), sum(frames_lost)::bigint, max(received_at), max(session_started_at) FROM noc.end_device_data_uplink GROUP BY 1, 2, 3, 4",
    "application_uplink_channels_1d": "SELECT date_trunc('day', received_at), tenant_id, application_id, frequency, data_rate, count(*), sum(airtime_us)::bigint, max(CASE WHEN snr < 0 THEN rssi + snr ELSE rssi END) FROM noc.end_device_data_uplink GROUP BY 1, 2, 3, 4, 5",
    "gateway_uplink_data_rate_utilization_5m": "SELECT date_bin('5 min', received_at, '2000-01-03'), tenant_id, gateway_id, frequency, data_rate, count(*), sum(airtime_us)::bigint FROM noc.gateway_uplink GROUP BY 1, 2, 3, 4, 5",
    "gateway_uplink_lora_performance_1d": "SELECT date_trunc('day', received_at), tenant_id, gateway_id, frequency, min(CASE WHEN snr < 0 THEN rssi + snr WHEN snr >= 0 THEN rssi END) FROM noc.gateway_uplink GROUP BY 1, 2, 3, 4",
}
JOBS = "SELECT count(*) FROM timescaledb_information.jobs WHERE hypertable_schema = 'noc' AND scheduled"


class NetworkOperationsCenter(unittest.TestCase):
    """In this order, on the same tables: with TimescaleDB in WebAssembly, making them takes a minute."""

    maxDiff = 2000

    @classmethod
    def setUpClass(cls):
        cls.timescale, cls.plain = Timescale(), Plain()
        cls.addClassCleanup(cls.timescale.stop)
        cls.addClassCleanup(cls.plain.stop)

    def both(self):
        return self.timescale, self.plain

    def compare_with_events(self, server):
        for name, direct in DIRECT.items():
            differences = server.sql(f"""
                WITH direct AS ({direct}) (TABLE noc.{name} EXCEPT ALL TABLE direct)
                UNION ALL (TABLE direct EXCEPT ALL TABLE noc.{name}) LIMIT 3""")
            self.assertEqual(differences, [], name)

    def test_1_jobs_run_again_whatever_happens_to_a_migration(self):
        self.timescale.run("init", **KEEP, code=-9, TTI_LW_FAIL_AT="after migration:2")
        jobs = self.timescale.sql(JOBS)
        self.assertGreater(int(jobs[0]), 40)
        self.timescale.run("migrate", **KEEP, code=-9, TTI_LW_FAIL_AT="inside migration:1")
        self.assertEqual(self.timescale.sql(JOBS), ["0"])
        self.timescale.sql("CREATE TABLE noc.net_ids (wrong int)")
        self.timescale.sql("""SELECT alter_job(job_id, scheduled => true) FROM noc.paused_jobs;
                              DELETE FROM noc.paused_jobs""")
        self.timescale.run("migrate", **KEEP, code=1)
        self.assertEqual(self.timescale.sql(JOBS), jobs)
        self.timescale.sql("DROP TABLE noc.net_ids")
        self.timescale.run("migrate", **KEEP, code=-9, TTI_LW_FAIL_AT="inside migration:1")
        self.assertEqual(self.timescale.sql(JOBS), ["0"])
        for point in ("before late events", "after late events"):
            self.timescale.run("migrate", **KEEP, code=-9, TTI_LW_FAIL_AT=point)
        self.timescale.run("migrate", **KEEP)
        self.assertGreater(int(self.timescale.sql(JOBS)[0]), int(jobs[0]))

    def test_2_everything_is_as_it_should_be(self):
        self.assertIn("nothing to do", self.timescale.run("init", **KEEP))
        self.timescale.run("verify")
        status = self.timescale.data("status")
        self.assertEqual((status["outcome"], status["way"]), ("done", "timescaledb"))
        self.assertEqual(self.timescale.sql("""SELECT DISTINCT config->>'drop_after' FROM timescaledb_information.jobs
            WHERE hypertable_schema = 'noc' AND hypertable_name = 'gateway_end_device_uplink'"""), ["240:00:00"])

    def test_3_aggregates_are_those_of_the_events_after_late_ones(self):
        self.plain.run("init", **KEEP)
        self.plain.run(*DEMO)
        copy_tables(RAW, self.plain, self.timescale)
        now = self.plain.sql("SELECT now()")[0]
        for server in self.both():
            server.refresh()
            self.compare_with_events(server)
            server.sql(late(now, (0, 7, 30, 71, 100, 150, 238)))
            server.refresh()
            self.compare_with_events(server)

    def test_4_answers_are_the_same(self):
        until = self.plain.sql("SELECT max(received_at)::timestamptz(0) + interval '1 minute' FROM noc.end_device_data_uplink "
                               "WHERE tenant_id = 'demo'")[0].replace(" ", "T").replace("+00", "Z")
        empty = []
        for name in questions():
            for window in (("--last", "200h", "--bucket", "24h"), ("--last", "60h", "--bucket", "2h")):
                question = ("query", name, *ABOUT, "--to", until, *window)
                answers = [server.data(*question)["rows"] for server in self.both()]
                self.assertEqual(*answers, name)
                if not answers[0]:
                    empty.append(name)
        self.assertEqual([name for name in empty if "webhook" not in name and "events" not in name], [])

    def test_5_maintain_starts_jobs_that_were_left_stopped(self):
        jobs = self.timescale.sql(JOBS)
        self.timescale.sql("""WITH p AS (INSERT INTO noc.paused_jobs SELECT job_id FROM timescaledb_information.jobs
                WHERE hypertable_schema = 'noc' RETURNING job_id)
            SELECT alter_job(job_id, scheduled => false) FROM p""")
        self.assertIn("left stopped", self.timescale.run("status", code=3))
        self.timescale.run("maintain")
        self.assertEqual(self.timescale.sql(JOBS), jobs)

    def events(self, server):
        return Counter(tuple(line.split("|")) for line in server.sql(" UNION ALL ".join(
            f"SELECT '{name}', to_char(received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') FROM noc.{name}"
            for name in RAW if name != "demo_tenants")))

    def listed(self, server):
        """Table, begin and end of each chunk that the plan drops, and its rows."""
        lines = [json.loads(line) for line in server.run("migrate", "--dry-run", "--output", "json").splitlines()]
        steps = next(line for line in lines if line.get("event") == "plan")["steps"]
        return [(*re.match(r"of (\w+): drop .* from (\S+) to (\S+) with", step["what"]).groups(), step["touches"]["rows"])
                for step in steps if step["destroys"]]

    def test_6_less_is_kept_only_after_consent(self):
        """What goes is what was listed; aggregates stay, with events that came late and are counted by the same run."""
        now = self.plain.sql("SELECT now()")[0]
        for server in self.both():
            server.sql(late(now, (1, 90, 200)))
            before, listed = self.events(server), self.listed(server)
            server.run("migrate", code=6)
            self.assertEqual(self.events(server), before)
            server.run("migrate", "--yes", code=-9, TTI_LW_FAIL_AT="inside refresh:2")
            server.run("migrate", "--yes")
            gone = before - self.events(server)
            self.assertEqual(gone, Counter({event: number for event, number in before.items() if any(
                event[0] == table and begin <= event[1] < end for table, begin, end, _ in listed)}))
            self.assertEqual(gone.total(), sum(rows for *_, rows in listed))
            self.assertGreaterEqual(gone.total(), 8)
            self.assertIn("nothing to do", server.run("migrate"))
            server.refresh()
            self.assertEqual(server.sql("SELECT sum(events) FROM noc.active_gateways_1d WHERE tenant_id = 'acme'"), ["10"])
        self.compare_aggregates()

    def test_7_what_is_later_than_events_are_kept_changes_no_aggregate(self):
        """Longer retention brings back no events: they count again as soon as all of their time are there."""
        now = self.plain.sql("SELECT now()")[0]
        for server in self.both():
            server.run("migrate", **KEEP)
            server.sql(late(now, (2, 151)))
            server.refresh()
            self.assertEqual(server.sql("SELECT sum(events) FROM noc.active_gateways_1d WHERE tenant_id = 'acme'"), ["11"])
        self.compare_aggregates()
        self.timescale.sql("UPDATE noc.roll_up_sources SET complete_from = complete_from - interval '1 day 1 hour'")
        self.assertIn("up to 3d late", self.timescale.run("status", code=3))
        self.timescale.run("maintain")
        self.assertIn("nothing is due", self.timescale.run("status"))
        self.assertEqual(self.timescale.sql("""SELECT DISTINCT (config->>'start_offset')::interval = interval '4 days' FROM timescaledb_information.jobs
            WHERE proc_name LIKE 'policy_refresh%' AND hypertable_name = 'active_gateways_1h'"""), ["t"])

    def test_8_an_older_layout_is_brought_along(self):
        """One that did not remember since when events are complete."""
        for server in self.both():
            server.sql("DELETE FROM noc.bun_migrations WHERE name = '20261130180000'")
        self.timescale.sql("DROP TABLE noc.roll_up_sources")
        for server in self.both():
            server.run("status", code=3)
            server.run("migrate", **KEEP)
            server.run("verify")
            server.run("status")
        self.assertEqual(self.timescale.sql("SELECT count(*) > 0 AND bool_and(isfinite(complete_from)) FROM noc.roll_up_sources"), ["t"])

    def compare_aggregates(self):
        for name in aggregates(self.plain):
            self.assertEqual(*[server.sql(f"SET timezone = 'UTC'; SELECT t::text FROM noc.{name} t WHERE tenant_id = 'acme' ORDER BY t::text COLLATE \"C\"")
                               for server in self.both()], name)

    def test_9_what_was_generated_can_be_removed(self):
        for server in self.both():
            server.run("demo", "--remove")
            for table in ("gateway_uplink", *DIRECT):
                self.assertEqual(server.sql(f"SELECT count(*) FROM noc.{table} WHERE tenant_id = 'demo'"), ["0"], table)


if __name__ == "__main__":
    unittest.main()
