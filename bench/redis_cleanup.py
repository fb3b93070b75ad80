"""ns-db cleanup with a tenth of the devices gone from the Identity Server, beside SCAN and a pipelined UNLINK of what goes."""

import redis_records as records
from measure import Failed
from redis_server import resp
from report import Figure
from side import Work

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

FEW = 10


def ways(place):
    return {"with undo file": ("--undo-to", place.folder / "undo"), "without undo file": ("--no-undo",)}


def measure(place):
    count = place.scaled(1_000_000)
    redis = place.redis()
    redis.fill(records.ns_records(FEW))
    fill_identity_server(place, "few", FEW)
    fixed = {name: cleanup(place, "few", words).peak_bytes for name, words in ways(place).items()}
    place.server.drop("few")
    figures = []
    for work in works(place, count):
        ours, bare = work.run(place.runs)
        figures += [Figure(work.name, ours.seconds, "s", bare=bare.seconds, memory_bytes=ours.peak_bytes, cpu_seconds=ours.cpu_seconds,
                           server_seconds=ours.server_seconds),
                    Figure(f"{work.name}, memory a device beyond that for {FEW}", (ours.peak_bytes - fixed[work.name]) / count, "B",
                           aim=BYTES_PER_DEVICE)]
    return {"devices": f"{count:,}"}, figures


def works(place, count):
    redis = place.redis()
    redis.fill(records.ns_records(count))
    redis.keep("devices")
    fill_identity_server(place, "stale", count)
    unlinks = place.folder / "unlinks"
    with open(unlinks, "wb") as file:
        file.writelines(gone(count))

    def check():
        left, wanted = int(redis.ask("DBSIZE")), 2 * (count - len(range(0, count, 10)))
        if not wanted <= left <= wanted + 5:
            raise Failed(f"{left} keys are left, and {wanted} live ones there were")
    try:
        for name, words in ways(place).items():
            yield Work(name, redis, before=lambda: redis.recall("devices"),
                       bare=lambda: redis.scan(f"{records.NAME_SPACE}ns:*") + redis.pipe(unlinks),
                       ours=lambda words=words: cleanup(place, "stale", words), checks=[check])
    finally:
        place.server.drop("stale")


def cleanup(place, database, words):
    return place.ours_redis("ns-db", "cleanup", "--yes", "--max-delete=20%", *words, database=database)


def fill_identity_server(place, database, count):
    place.server.create(database)
    place.ours(database, "migrate")
    file = place.folder / "devices.sql"
    file.write_text(FILL, encoding="utf-8")
    place.fill(database, file, count=count)


def gone(count):
    for number in range(0, count, 10):
        yield resp("UNLINK", f"{records.NAME_SPACE}ns:devices:uid:{records.uid(number)}",
                   f"{records.NAME_SPACE}ns:devices:eui:{1:016X}:{number:016X}")
