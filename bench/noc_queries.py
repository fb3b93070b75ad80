"""The questions of the Network Operations Center's service over a month, and what noticing changes costs."""

import json
import re
import statistics

from measure import median_seconds, peak_bytes, run
from place import SQL
from report import Figure

TITLE = "{uplinks} uplinks of {devices} end devices at {gateways} gateways over 30 days"
AIM = 100
UNTIL = "2026-06-30T09:20:00Z"
ABOUT = ("--tenant-id", "demo", "--gateway-id", "demo-gateway-00001", "--application-id", "demo-0001", "--device-id",
         "device-000001", "--to", UNTIL)
MONTH = ("--last", "720h", "--bucket", "24h")
WEEK = ("--last", "168h", "--bucket", "1h")  # the longest that is answered by hours
APPLICATIONS = 200
BATCHES = 30
ROWS = 8192  # of a batch, as the service's sample configuration has it


def ours(place, *words):
    return run([place.binary, "noc-db", *words], place.environment("noc"))


def questions(place):
    output = run(["sh", "-c", f"{place.binary} noc-db query nothing 2>&1 || true"], place.environment()).output
    return sorted(set(re.findall(r"\b(?:gateways?|applications?|end-devices?)-[a-z-]+", output)))


def milliseconds(place, name, window):
    """The statement's own time, as the server tells it, of the second of two; and the run."""
    for _ in range(2):
        done = ours(place, "query", name, *ABOUT, *window, "--output", "json")
    return next(json.loads(line)["milliseconds"] for line in done.output.splitlines() if line.startswith("{") and '"rows"' in line), done


def storing(place, table):
    """Batches as the service would store them, each a transaction."""
    batch = f"INSERT INTO {table} SELECT * FROM batch;\n"
    file = place.folder / "batches.sql"
    file.write_text("SET search_path = noc;\n" + batch * BATCHES, encoding="utf-8")
    return median_seconds([place.bare("noc", file) for _ in range(place.runs)])


def noticing(place):
    """Seconds with the triggers and without, for the same rows into the same kind of table."""
    place.server.psql("noc", f"""SET search_path = noc;
        CREATE TABLE batch AS SELECT now() AS received_at, tenant_id, gateway_id, application_id, device_id, frequency,
            data_rate, rssi, snr FROM gateway_end_device_uplink LIMIT {ROWS};
        CREATE TABLE bare (LIKE gateway_end_device_uplink INCLUDING DEFAULTS) PARTITION BY RANGE (received_at);
        CREATE TABLE bare_part PARTITION OF bare DEFAULT;
        CREATE INDEX ON bare USING brin (received_at) WITH (pages_per_range = 16, autosummarize = on)""")
    return storing(place, "gateway_end_device_uplink"), storing(place, "bare")


def fill(place, gateways, devices):
    """Gateways by the events of their connections; of end devices what a refresh makes of their events, since storing and
    refreshing a month of these takes hours."""
    kept = ("--noc.store.raw-data-retention", "87600h", "--aggregate-retention", "87600h")
    place.server.create("noc")
    with place.server.hurried():
        ours(place, "init", *kept)
        ours(place, "demo", "--gateways", str(gateways), "--applications", str(APPLICATIONS), "--devices", str(APPLICATIONS),
             "--days", "30", "--interval", "24h", "--until", UNTIL)
        place.bare("noc", SQL / "noc_month.sql", devices=devices, gateways=gateways, applications=APPLICATIONS, until=UNTIL)
        ours(place, "maintain")
        place.server.psql("noc", "VACUUM ANALYZE")


def measure(place):
    gateways, devices = max(10, place.scaled(1_000)), max(2 * APPLICATIONS, place.scaled(20_000))
    fill(place, gateways, devices)
    month, week = ({name: milliseconds(place, name, window) for name in questions(place)} for window in (MONTH, WEEK))
    hours = int(place.server.psql("noc", "SELECT sum(packet_count) FROM noc.end_device_data_uplink_statistics_1d")[0])
    with_triggers, without = noticing(place)
    place.server.drop("noc")
    return {"uplinks": f"{hours:,}", "devices": f"{devices:,}", "gateways": f"{gateways:,}"}, [
        *slowest(month, "", AIM), *slowest(week, " of a week, by hours", None),
        Figure(f"storing {BATCHES * ROWS:,} uplinks, beside a table without triggers", with_triggers, "s", bare=without)]


def slowest(found, what, aim):
    """The six slowest questions, and the middle of all."""
    times = {name: time for name, (time, _) in found.items()}
    memory = peak_bytes([done for _, done in found.values()])
    return [*[Figure(name + what, times[name], "ms", aim=aim) for name in sorted(times, key=times.get, reverse=True)[:6]],
            Figure(f"median of {len(times)} questions{what}", statistics.median(times.values()), "ms", aim=aim,
                   memory_bytes=memory)]
