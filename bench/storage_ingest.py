"""Storing messages through the code of storage-db, beside a bare COPY of the same rows into one table."""

import json
import statistics

from measure import Failed, median_seconds, peak_bytes, run
from report import Figure
from side import Work

TITLE = "storage of {messages} messages in {chunks} partitions"
RATIO = 1.5
DEVICES = 10_000
DAYS = 10
TABLE = "CREATE TABLE {table} (LIKE storage.messages INCLUDING DEFAULTS);\n"
BY_DEVICE = "CREATE INDEX ON {table} (tenant_id, application_id, device_id, received_at, id);\n"
BY_APPLICATION = "CREATE INDEX ON {table} (tenant_id, application_id, received_at, id);\n"
BARE = {"bare": TABLE, "by device": TABLE + BY_DEVICE, "indexed": TABLE + BY_DEVICE + BY_APPLICATION}
CONNECTIONS = 2  # of a server's pool


def ours(place, database, *words):
    return run([place.binary, "storage-db", *words], place.environment(database))


def filling(output):
    """Seconds of the step that stores; partitions are made ahead by others, not by who stores."""
    events = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    return next(event["milliseconds"] for event in events if event.get("event") == "step" and event["name"] == "fill") / 1000


def copy(place, name, rows):
    """The rows into one unpartitioned table, by a bare COPY."""
    table = name.replace(" ", "_")
    place.server.psql("storage_ingest", BARE[name].format(table=table))
    file = place.folder / "copy.sql"
    file.write_text(f"COPY {table} FROM '{rows}' (FORMAT binary);\n", encoding="utf-8")
    return place.bare("storage_ingest", file)


def over_connections(place, rounds):
    """Seconds for as many messages over several connections at once, into the same chunks, emptied."""
    place.server.psql("storage_ingest", "TRUNCATE storage.messages, storage.demo_applications; CHECKPOINT")
    return run([place.programs / "tti-bench-store", place.server.socket_uri("storage_ingest"), CONNECTIONS, rounds * DEVICES,
                DEVICES, DAYS], place.environment())


def create(place):
    place.server.create("storage_ingest")
    ours(place, "storage_ingest", "init", "--timescaledb.chunk-time-interval", "12h")


def demo(devices, rounds):
    """What stores so many messages of each device."""
    return ("demo", "--applications", "1", "--devices", str(devices), "--gateways", "1000", "--days", str(DAYS),
            "--interval", f"{DAYS * 86400 // rounds}s", "--output", "json")


def write_rows(place):
    """All that is stored, as a file."""
    rows = place.server.folder / "rows"  # where the server may write
    place.server.psql("storage_ingest", f"COPY (SELECT * FROM storage.messages) TO '{rows}' (FORMAT binary)")
    return rows


def stored(place):
    return int(place.server.psql("storage_ingest", "SELECT count(*) FROM storage.messages")[0])


def works(place, count):
    devices = max(1, min(DEVICES, count // 10))
    words = demo(devices, count // devices)
    create(place)
    ours(place, "storage_ingest", *words)
    rows, messages = write_rows(place), stored(place)

    def check():
        if stored(place) != messages:
            raise Failed(f"{stored(place)} messages are stored, and {messages} were before")
    try:
        yield Work("storage-db demo", place.server, before=lambda: create(place), bare=lambda: copy(place, "indexed", rows),
                   ours=lambda: ours(place, "storage_ingest", *words), checks=[check])
    finally:
        place.server.drop("storage_ingest")


def measure(place):
    rounds = max(1, place.scaled(2_000_000) // DEVICES)
    runs = {name: [] for name in ("ours", "connections", *BARE)}
    for _ in range(place.runs):
        create(place)
        runs["ours"].append(ours(place, "storage_ingest", *demo(DEVICES, rounds)))
        chunks = int(place.server.psql("storage_ingest", "SELECT count(DISTINCT tableoid) FROM storage.messages")[0])
        rows = write_rows(place)
        for name in BARE:
            runs[name].append(copy(place, name, rows))
        runs["connections"].append(over_connections(place, rounds))
    messages = int(place.server.psql("storage_ingest", "SELECT count(*) FROM bare")[0])
    place.server.drop("storage_ingest")
    return {"messages": f"{messages:,}", "chunks": chunks}, figures(runs)


def figures(runs):
    mine = statistics.median(filling(run.output) for run in runs["ours"])
    parallel = statistics.median(json.loads(run.output)["seconds"] for run in runs["connections"])
    bare = {name: median_seconds(runs[name]) for name in BARE}
    return [
        Figure("generated and stored, beside COPY into a table without indexes", mine, "s", bare=bare["bare"],
               ratio_aim=RATIO, memory_bytes=peak_bytes(runs["ours"])),
        Figure(f"the same over {CONNECTIONS} connections at once", parallel, "s", bare=bare["bare"], ratio_aim=RATIO,
               memory_bytes=peak_bytes(runs["connections"])),
        Figure("generated and stored, beside COPY into a table with the same two indexes", mine, "s", bare=bare["indexed"]),
        Figure("COPY into a table with the index by device alone, beside none", bare["by device"], "s", bare=bare["bare"])]
