"""ns-db cleanup with a tenth of the devices gone from the Identity Server, beside SCAN and a pipelined UNLINK of what goes."""

import redis_records as records
from measure import Failed, median_seconds, peak_bytes
from redis_server import resp
from report import Figure

TITLE = "ns-db cleanup of {devices} end devices, a tenth of which the Identity Server does not know"
BYTES_PER_DEVICE = 16
FILL = """
INSERT INTO applications (id, created_at, updated_at, application_id, name, description)
  SELECT gen_random_uuid(), now(), now(), 'app-' || lpad(n::text, 3, '0'), '', '' FROM generate_series(0, 99) n;
INSERT INTO end_devices (id, created_at, updated_at, application_id, device_id, dev_eui, join_eui)
  SELECT gen_random_uuid(), now(), now(), 'app-' || lpad((n % 100)::text, 3, '0'), 'dev-' || lpad(n::text, 8, '0'),
         upper(lpad(to_hex(n), 16, '0')), '0000000000000001'
  FROM generate_series(0, :count - 1) n WHERE n % 10 <> 0;
"""


def measure(place):
    count = place.scaled(1_000_000)
    redis = place.redis()
    redis.fill(records.ns_records(count))
    redis.keep("devices")
    fill_identity_server(place, count)
    unlinks = place.folder / "unlinks"
    with open(unlinks, "wb") as file:
        file.writelines(gone(count))
    bare, runs = [], {"with undo file": [], "without undo file": []}
    ways = {"with undo file": ("--undo-to", place.folder / "undo"), "without undo file": ("--no-undo",)}
    for _ in range(place.runs):
        redis.recall("devices")
        bare.append(redis.scan(f"{records.NAME_SPACE}ns:*") + redis.pipe(unlinks))
        for name, words in ways.items():
            redis.recall("devices")
            runs[name].append(place.ours_redis("ns-db", "cleanup", "--yes", "--max-delete=20%", *words, database="stale"))
            left = int(redis.ask("DBSIZE"))
            wanted = 2 * (count - len(range(0, count, 10)))
            if not wanted <= left <= wanted + 5:
                raise Failed(f"{name}: {left} keys are left, and {wanted} live ones there were")
    place.server.drop("stale")
    bare_seconds = sorted(bare)[len(bare) // 2]
    figures = []
    for name, found in runs.items():
        figures += [Figure(name, median_seconds(found), "s", bare=bare_seconds, memory_bytes=peak_bytes(found)),
                    Figure(f"{name}, memory a device", peak_bytes(found) / count, "B", aim=BYTES_PER_DEVICE)]
    return {"devices": f"{count:,}"}, figures


def fill_identity_server(place, count):
    place.server.create("stale")
    place.ours("stale", "migrate")
    file = place.folder / "devices.sql"
    file.write_text(FILL, encoding="utf-8")
    place.fill("stale", file, count=count)


def gone(count):
    for number in range(0, count, 10):
        yield resp("UNLINK", f"{records.NAME_SPACE}ns:devices:uid:{records.uid(number)}",
                   f"{records.NAME_SPACE}ns:devices:eui:{1:016X}:{number:016X}")
