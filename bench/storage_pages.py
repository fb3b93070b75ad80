"""Reading pages of one device among many messages by the class that a server would use, and dropping a day of them."""

import json
import statistics

from measure import run
from probe import Probes, Target
from report import Figure

TITLE = "{messages} messages of {devices} end devices over 30 days"
ROUNDS = 5_000  # messages of each device
PAGE = 1_000
CHUNK = 86_400  # seconds
ONE_DEVICE = "tenant_id = '' AND application_id = 'demo-1' AND device_id = '{id}'"
MESSAGES = Target("messages", "storage.messages", ONE_DEVICE.format(id="device-00100"), key="device_id",
                  read=f"SELECT id FROM {{table}} WHERE {ONE_DEVICE} ORDER BY received_at DESC, id DESC LIMIT 10",
                  write="INSERT INTO {table} (received_at, application_id, device_id, type, message) "
                        "VALUES (now(), 'demo-1', '{id}', 'uplink_message', 'null')")


def ours(place, *words, meanwhile=None):
    return run([place.binary, "storage-db", *words], place.environment("storage_pages"), meanwhile)


def pages(place):
    """Milliseconds of the first and the last page through PageReader, and the run."""
    words = [place.programs / "tti-bench-pages", place.server.socket_uri("storage_pages"), "demo-1", "device-00100", PAGE]
    done = run(words, place.environment())
    times = json.loads(done.output)
    return times["first"], times["last"], done


def drop_days(place, days, meanwhile=None):
    """Milliseconds of each step that drops a day, so that `days` are left."""
    done = ours(place, "retention", "set", "--days", str(days), "--yes", "--output", "json", meanwhile=meanwhile)
    events = [json.loads(line) for line in done.output.splitlines() if line.startswith("{")]
    return [event["milliseconds"] for event in events if event.get("event") == "step" and event["name"].startswith("drop")]


def longest_wait(place, days):
    """Milliseconds that who reads or stores waits at most while days are dropped; PostgreSQL removes their files, which takes
    the longer the larger they are, when nobody waits any more."""
    probes = Probes(place.server, "storage_pages", (MESSAGES,))
    drop_days(place, days, lambda pid: probes.watch(pid=pid))
    probes.close()
    return max(probes.longest().values())


def measure(place):
    devices = max(100, place.scaled(10_000_000) // ROUNDS)
    place.server.create("storage_pages")
    with place.server.hurried():
        ours(place, "init", "--timescaledb.chunk-time-interval", f"{CHUNK}s")
        ours(place, "demo", "--applications", "1", "--devices", str(devices), "--gateways", "500", "--days", "30",
             "--interval", f"{30 * 86400 // ROUNDS}s")
        place.server.psql("storage_pages", "VACUUM ANALYZE")
    messages = int(place.server.psql("storage_pages", "SELECT count(*) FROM storage.messages")[0])
    first, last, reading = pages(place)
    dropped, waited = drop_days(place, 25), longest_wait(place, 20)
    place.server.drop("storage_pages")
    return {"messages": f"{messages:,}", "devices": f"{devices:,}"}, [
        Figure(f"first page of {PAGE:,} messages of one device", first, "ms", aim=20, memory_bytes=reading.peak_bytes),
        Figure("last page, beside the first", last, "ms", bare=first, aim=20, ratio_aim=1.3),
        Figure(f"dropping a day of {messages // 30:,} messages, with its files", statistics.median(dropped), "ms", aim=100),
        Figure("longest wait of who reads or stores meanwhile", waited, "ms", aim=100)]
