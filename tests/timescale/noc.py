"""What the tests of noc-db on both servers share."""

import re

import both
import witness

both.Server.GROUP = "noc-db"
RAW = ("gateway_connection_event", "gateway_connection_statistics", "gateway_uplink", "gateway_end_device_uplink",
       "end_device_data_uplink", "application_event_forward", "application_webhook_failure", "demo_tenants")
ABOUT = ("--tenant-id", "demo", "--gateway-id", "demo-gateway-00001", "--application-id", "demo-0001", "--device-id",
         "device-000003")
# An event of each entity every so many hours, back from a time.
LATE = """
INSERT INTO noc.gateway_connection_statistics (received_at, tenant_id, gateway_id, connected_us, uplink_count, downlink_count, rtt_min_us, rtt_max_us, rtt_median_us)
SELECT t, 'acme', 'late-' || n % 2, 60000000, n, 1, 10 + n, 20 + n, 15 + n FROM {times};
INSERT INTO noc.end_device_data_uplink (received_at, tenant_id, application_id, device_id, f_cnt, frames_lost, frequency, data_rate, airtime_us, rssi, snr)
SELECT t, 'acme', 'app', 'late-' || n % 3, n, n % 2, 868100000, 'SF7BW125', 1000 + n, -n, 5 FROM {times};
"""
REFRESH = """SELECT j.job_id FROM timescaledb_information.jobs j WHERE j.hypertable_schema = 'noc'
AND j.proc_name = 'policy_refresh_continuous_aggregate' ORDER BY 1"""


def questions():
    """All that there are, from the usage error."""
    done = witness.run([both.BINARY, "noc-db", "query", "nothing"], capture_output=True, text=True, check=False)
    return sorted(set(re.findall(r"\b(?:gateways?|applications?|end-devices?)-[a-z-]+", done.stderr)))


def late(back_from, hours):
    """Events that come so many hours late."""
    times = f"(SELECT n, timestamptz '{back_from}' - n * interval '1 hour' AS t FROM unnest(ARRAY{list(hours)}) n) AS times"
    return LATE.format(times=times)


def aggregates(server):
    """Each after what it is built on."""
    return [table["table"] for table in server.data("status", code=None)["tables"] if table["aggregate"]]


def contents(server, names):
    """What is in each of these tables."""
    return server.sql("SET timezone = 'UTC'; " + " UNION ALL ".join(
        f"SELECT '{name}', count(*), md5(string_agg(t::text, ' ' ORDER BY t::text COLLATE \"C\")) FROM noc.{name} t"
        for name in names) + " ORDER BY 1")


def copy_tables(names, source, target):
    for name in names:
        rows = "".join(source.sql(f"SELECT json_agg(t) FROM noc.{name} t"))
        target.sql(f"""INSERT INTO noc.{name} SELECT * FROM
            json_populate_recordset(NULL::noc.{name}, $rows${rows or "[]"}$rows$)""")


class Timescale(both.Timescale):
    def refresh(self):
        """What the server's background workers would do. A job may leave the youngest bucket to its next run."""
        for job in self.sql(REFRESH) * 2:
            self.sql(f"CALL run_job({job})")


class Plain(both.Plain):
    def refresh(self):
        self.run("maintain")
