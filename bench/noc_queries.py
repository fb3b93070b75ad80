"""The questions of the Network Operations Center's service over a month, and what noticing changes costs."""

import json
import re
import statistics

from measure import median_seconds, run
from report import Figure

TITLE = "{uplinks} uplinks of {devices} end devices at {gateways} gateways over 30 days"
AIM = 100
UNTIL = "2026-06-30T09:20:00Z"
ABOUT = ("--tenant-id", "demo", "--gateway-id", "demo-gateway-00001", "--application-id", "demo-0001", "--device-id",
         "device-000001", "--to", UNTIL, "--last", "720h", "--bucket", "24h")
BATCHES = 30
ROWS = 8192  # of a batch, as the service's sample configuration has it


def ours(place, *words):
    return run([place.binary, "noc-db", *words], place.environment("noc"))


def questions(place):
    output = run(["sh", "-c", f"{place.binary} noc-db query nothing 2>&1 || true"], place.environment()).output
    return sorted(set(re.findall(r"\b(?:gateways?|applications?|end-devices?)-[a-z-]+", output)))


def milliseconds(place, name):
    """The statement's own time, as the server tells it, of the second of two."""
    for _ in range(2):
        output = ours(place, "query", name, *ABOUT, "--output", "json").output
    return next(json.loads(line)["milliseconds"] for line in output.splitlines() if line.startswith("{") and '"rows"' in line)


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


def measure(place):
    gateways, devices = max(10, place.scaled(1_000)), max(100, place.scaled(20_000))
    place.server.create("noc")
    with place.server.hurried():
        ours(place, "init", "--noc.store.raw-data-retention", "87600h")
        ours(place, "demo", "--gateways", str(gateways), "--applications", "200", "--devices", str(devices), "--days", "30",
             "--interval", "4h", "--until", UNTIL)
        place.server.psql("noc", "VACUUM ANALYZE")
    uplinks = int(place.server.psql("noc", "SELECT count(*) FROM noc.end_device_data_uplink")[0])
    times = {name: milliseconds(place, name) for name in questions(place)}
    with_triggers, without = noticing(place)
    place.server.drop("noc")
    slowest = sorted(times, key=times.get, reverse=True)
    return {"uplinks": f"{uplinks:,}", "devices": f"{devices:,}", "gateways": f"{gateways:,}"}, [
        *[Figure(name, times[name], "ms", aim=AIM) for name in slowest[:6]],
        Figure(f"median of {len(times)} questions", statistics.median(times.values()), "ms", aim=AIM),
        Figure(f"storing {BATCHES * ROWS:,} uplinks, beside a table without triggers", with_triggers, "s", bare=without)]
