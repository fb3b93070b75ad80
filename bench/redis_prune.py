"""ns-db prune of the streams of old releases, beside bare XTRIM MINID of the same streams."""

import redis_records as records
from measure import Failed
from redis_server import resp
from report import Figure
from side import Side, Work, figures_beside

TITLE = "ns-db prune of {entries} entries in {streams} streams"
ENTRIES_A_STREAM = 1000  # the length that the stack keeps an application's queue at
PROCESSED = ENTRIES_A_STREAM * 9 // 10
RATIO = 2
MEMORY = 32


def measure(place):
    count = place.scaled(1_000_000)
    figures = []
    for work in works(place, count):
        figures += figures_beside(work.name, *work.run(place.runs), ratio_aim=RATIO, memory_aim=MEMORY)
    redis, fixed = place.redis(), Side()
    for _ in range(place.runs):
        redis.ask("FLUSHALL")
        fixed.add(redis, lambda: place.ours_redis("ns-db", "prune"))
    amounts = {"entries": f"{streams_of(count) * PROCESSED:,}", "streams": f"{streams_of(count):,}"}
    return amounts, [*figures, Figure("of which start, connections, lock: the same on an empty Redis", fixed.seconds, "s",
                                      cpu_seconds=fixed.cpu_seconds, server_seconds=fixed.server_seconds)]


def streams_of(entries):
    return max(1, entries // ENTRIES_A_STREAM)


def works(place, entries):
    streams = streams_of(entries)
    redis = place.redis()
    redis.fill(records.legacy_uplinks(streams, ENTRIES_A_STREAM))
    redis.keep("streams")
    trims = place.folder / "xtrim"
    trims.write_bytes(b"".join(resp("XTRIM", records.legacy_stream(stream), "MINID", f"1600000000000-{PROCESSED + 1}")
                               for stream in range(streams)))
    by_bare = []

    def left():
        return [redis.ask("XLEN", records.legacy_stream(stream)) for stream in range(0, streams, max(1, streams // 20))]

    def bare():
        seconds = redis.pipe(trims)
        by_bare[:] = left()
        return seconds

    def check():
        if left() != by_bare:
            raise Failed(f"other entries are left than by XTRIM: {left()}, {by_bare}")
    yield Work("ns-db prune", redis, before=lambda: redis.recall("streams"), bare=bare,
               ours=lambda: place.ours_redis("ns-db", "prune"), checks=[check])
