"""noc-db on TimescaleDB, beside the same on PostgreSQL: noc_test.py BINARY MODULES-FOLDER"""

import re
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True

import both  # noqa: E402

both.Server.GROUP = "noc-db"
# Within the three days that TimescaleDB's jobs look back.
DEMO = ("demo", "--days", "2", "--gateways", "4", "--applications", "2", "--devices", "12", "--interval", "40m")
RAW = ("gateway_connection_event", "gateway_connection_statistics", "gateway_uplink", "gateway_end_device_uplink",
       "end_device_data_uplink", "application_event_forward", "application_webhook_failure", "demo_tenants")
ABOUT = ("--tenant-id", "demo", "--gateway-id", "demo-gateway-00001", "--application-id", "demo-0001", "--device-id",
         "device-000003")
# Times of a second ago to two days ago: the jobs look back three.
LATE = """
INSERT INTO noc.gateway_connection_statistics (received_at, tenant_id, gateway_id, connected_us, uplink_count, downlink_count, rtt_min_us, rtt_max_us, rtt_median_us)
SELECT now() - n * interval '7 hours' - interval '1 second', 'acme', 'late-' || n % 2, 60000000, n, 1, 10 + n, 20 + n, 15 + n FROM generate_series(0, 6) n;
INSERT INTO noc.end_device_data_uplink (received_at, tenant_id, application_id, device_id, f_cnt, frames_lost, frequency, data_rate, airtime_us, rssi, snr)
SELECT now() - n * interval '7 hours' - interval '1 second', 'acme', 'app', 'late-' || n % 3, n, n % 2, 868100000, 'SF7BW125', 1000 + n, -n, 5 FROM generate_series(0, 6) n;
"""
# What aggregates must be, from the events alone.
DIRECT = {
    "active_gateways_1h": "SELECT date_trunc('hour', received_at), tenant_id, gateway_id, count(*) FROM noc.gateway_connection_statistics GROUP BY 1, 2, 3",
    "active_gateways_1d": "SELECT date_trunc('day', received_at), tenant_id, gateway_id, count(*) FROM noc.gateway_connection_statistics GROUP BY 1, 2, 3",
    "active_gateway_count_1d": "SELECT date_trunc('day', received_at), tenant_id, count(DISTINCT gateway_id) FROM noc.gateway_connection_statistics GROUP BY 1, 2",
    "active_gateway_count_1w": "SELECT date_trunc('week', received_at), tenant_id, count(DISTINCT gateway_id) FROM noc.gateway_connection_statistics GROUP BY 1, 2",
    "active_end_device_count_1w": "SELECT date_trunc('week', received_at), tenant_id, count(DISTINCT (application_id, device_id)) FROM noc.end_device_data_uplink GROUP BY 1, 2",
    "end_device_data_uplink_statistics_1d": "SELECT date_trunc('day', received_at), tenant_id, application_id, device_id, count(*), sum(frames_lost)::bigint, max(received_at), max(session_started_at) FROM noc.end_device_data_uplink GROUP BY 1, 2, 3, 4",
    "application_uplink_channels_1d": "SELECT date_trunc('day', received_at), tenant_id, application_id, frequency, data_rate, count(*), sum(airtime_us)::bigint, max(CASE WHEN snr < 0 THEN rssi + snr ELSE rssi END) FROM noc.end_device_data_uplink GROUP BY 1, 2, 3, 4, 5",
    "gateway_uplink_data_rate_utilization_5m": "SELECT date_bin('5 min', received_at, '2000-01-03'), tenant_id, gateway_id, frequency, data_rate, count(*), sum(airtime_us)::bigint FROM noc.gateway_uplink GROUP BY 1, 2, 3, 4, 5",
    "gateway_uplink_lora_performance_1d": "SELECT date_trunc('day', received_at), tenant_id, gateway_id, frequency, min(CASE WHEN snr < 0 THEN rssi + snr WHEN snr >= 0 THEN rssi END) FROM noc.gateway_uplink GROUP BY 1, 2, 3, 4",
}
JOBS = "SELECT count(*) FROM timescaledb_information.jobs WHERE hypertable_schema = 'noc' AND scheduled"
REFRESH = """SELECT j.job_id FROM timescaledb_information.jobs j WHERE j.hypertable_schema = 'noc'
AND j.proc_name = 'policy_refresh_continuous_aggregate' ORDER BY 1"""


def questions():
    """All that there are, from the usage error."""
    done = subprocess.run([both.BINARY, "noc-db", "query", "nothing"], capture_output=True, text=True, check=False)
    return sorted(set(re.findall(r"\b(?:gateways?|applications?|end-devices?)-[a-z-]+", done.stderr)))


class Timescale(both.Timescale):
    def refresh(self):
        """What the server's background workers would do. A job may leave the youngest bucket to its next run."""
        for job in self.sql(REFRESH) * 2:
            self.sql(f"CALL run_job({job})")


class Plain(both.Plain):
    def refresh(self):
        self.run("maintain")


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
        self.timescale.run("init", code=-9, TTI_LW_FAIL_AT="after migration:2")
        jobs = self.timescale.sql(JOBS)
        self.assertGreater(int(jobs[0]), 40)
        self.timescale.run("migrate", code=-9, TTI_LW_FAIL_AT="inside migration:1")
        self.assertEqual(self.timescale.sql(JOBS), ["0"])
        self.timescale.sql("CREATE TABLE noc.net_ids (wrong int)")
        self.timescale.sql("""SELECT alter_job(job_id, scheduled => true) FROM noc.paused_jobs;
                              DELETE FROM noc.paused_jobs""")
        self.timescale.run("migrate", code=1)
        self.assertEqual(self.timescale.sql(JOBS), jobs)
        self.timescale.sql("DROP TABLE noc.net_ids")
        self.timescale.run("migrate", code=-9, TTI_LW_FAIL_AT="inside migration:1")
        self.assertEqual(self.timescale.sql(JOBS), ["0"])
        self.timescale.run("migrate")
        self.assertGreater(int(self.timescale.sql(JOBS)[0]), int(jobs[0]))

    def test_2_everything_is_as_it_should_be(self):
        self.assertIn("nothing to do", self.timescale.run("init"))
        self.timescale.run("verify")
        status = self.timescale.data("status")
        self.assertEqual((status["outcome"], status["way"]), ("done", "timescaledb"))
        self.assertEqual(self.timescale.sql("""SELECT DISTINCT config->>'drop_after' FROM timescaledb_information.jobs
            WHERE hypertable_schema = 'noc' AND hypertable_name = 'gateway_end_device_uplink'"""), ["72:00:00"])

    def test_3_aggregates_are_those_of_the_events_after_late_ones(self):
        self.plain.run("init")
        self.plain.run(*DEMO)
        for table in RAW:
            rows = self.plain.sql(f"SELECT json_agg(t) FROM noc.{table} t")
            self.timescale.sql(f"""INSERT INTO noc.{table} SELECT * FROM
                json_populate_recordset(NULL::noc.{table}, $rows${"".join(rows) or "[]"}$rows$)""")
        for server in self.both():
            server.refresh()
            self.compare_with_events(server)
            server.sql(LATE)
            server.refresh()
            self.compare_with_events(server)

    def test_4_answers_are_the_same(self):
        until = self.plain.sql("SELECT max(received_at)::timestamptz(0) + interval '1 minute' FROM noc.end_device_data_uplink "
                               "WHERE tenant_id = 'demo'")[0].replace(" ", "T").replace("+00", "Z")
        empty = []
        for name in questions():
            question = ("query", name, *ABOUT, "--to", until, "--last", "60h", "--bucket", "2h")
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

    def test_6_what_was_generated_can_be_removed(self):
        for server in self.both():
            server.run("demo", "--remove")
            for table in ("gateway_uplink", *DIRECT):
                self.assertEqual(server.sql(f"SELECT count(*) FROM noc.{table} WHERE tenant_id = 'demo'"), ["0"], table)


if __name__ == "__main__":
    unittest.main()
