"""Storing messages through the code of storage-db, beside a bare COPY of the same rows into one table."""

import json
import statistics

from measure import median_seconds, peak_bytes, run
from report import Figure

TITLE = "storage of {messages} messages in {chunks} partitions"
RATIO = 1.5
DEVICES = 10_000
DAYS = 10
TABLE = "CREATE TABLE {table} (LIKE storage.messages INCLUDING DEFAULTS)"
INDEXES = """CREATE INDEX ON {table} (tenant_id, application_id, device_id, received_at, id);
CREATE INDEX ON {table} (tenant_id, application_id, received_at, id)"""


def ours(place, database, *words):
    return run([place.binary, "storage-db", *words], place.environment(database))


def filling(output):
    """Seconds of the step that stores; partitions are made ahead by others, not by who stores."""
    events = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    return next(event["milliseconds"] for event in events if event.get("event") == "step" and event["name"] == "fill") / 1000


def measure(place):
    rounds = max(1, place.scaled(2_000_000) // DEVICES)
    demo = ["demo", "--applications", "1", "--devices", str(DEVICES), "--gateways", "1000", "--days", str(DAYS),
            "--interval", f"{DAYS * 86400 // rounds}s", "--output", "json"]
    rows = place.server.folder / "rows"  # where the server may write
    runs = {"ours": [], "bare": [], "indexed": []}
    for _ in range(place.runs):
        place.server.create("storage_ingest")
        ours(place, "storage_ingest", "init", "--timescaledb.chunk-time-interval", "12h")
        runs["ours"].append(ours(place, "storage_ingest", *demo))
        place.server.psql("storage_ingest", f"COPY (SELECT * FROM storage.messages) TO '{rows}' (FORMAT binary)")
        for name in ("bare", "indexed"):
            setup = TABLE.format(table=name) + (";" + INDEXES.format(table=name) if name == "indexed" else "")
            place.server.psql("storage_ingest", setup)
            file = place.folder / f"{name}.sql"
            file.write_text(f"COPY {name} FROM '{rows}' (FORMAT binary);\n", encoding="utf-8")
            runs[name].append(place.bare("storage_ingest", file))
    messages = int(place.server.psql("storage_ingest", "SELECT count(*) FROM bare")[0])
    chunks = int(place.server.psql("storage_ingest", "SELECT count(DISTINCT tableoid) FROM storage.messages")[0])
    place.server.drop("storage_ingest")
    mine = statistics.median(filling(run.output) for run in runs["ours"])
    return {"messages": f"{messages:,}", "chunks": chunks}, [
        Figure("generated and stored, beside COPY into a table without indexes", mine, "s", bare=median_seconds(runs["bare"]),
               ratio_aim=RATIO, memory_bytes=peak_bytes(runs["ours"])),
        Figure("the same, beside COPY into a table with the same two indexes", mine, "s", bare=median_seconds(runs["indexed"]))]
