"""ns-db prune of the streams of old releases, beside bare XTRIM MINID of the same streams."""

import redis_records as records
from measure import Failed
from redis_server import resp
from redis_side import Side, figures_beside
from report import Figure

TITLE = "ns-db prune of {entries} entries in {streams} streams"
ENTRIES_A_STREAM = 1000  # the length that the stack keeps an application's queue at
RATIO = 2
MEMORY = 32


def measure(place):
    streams = max(1, place.scaled(1_000_000) // ENTRIES_A_STREAM)
    redis = place.redis()
    redis.fill(records.legacy_uplinks(streams, ENTRIES_A_STREAM))
    redis.keep("streams")
    ours, bare, fixed, left = Side(), Side(), Side(), {}
    trims, last = place.folder / "xtrim", ENTRIES_A_STREAM * 9 // 10
    trims.write_bytes(b"".join(resp("XTRIM", records.legacy_stream(stream), "MINID", f"1600000000000-{last + 1}")
                               for stream in range(streams)))
    for _ in range(place.runs):
        for name, side, run in (("ns-db prune", ours, lambda: place.ours_redis("ns-db", "prune")), ("bare", bare, lambda: redis.pipe(trims))):
            redis.recall("streams")
            side.add(redis, run)
            left[name] = [redis.ask("XLEN", records.legacy_stream(stream)) for stream in range(0, streams, max(1, streams // 20))]
        redis.ask("FLUSHALL")
        fixed.add(redis, lambda: place.ours_redis("ns-db", "prune"))
    if left["ns-db prune"] != left["bare"]:
        raise Failed(f"other entries are left than by XTRIM: {left}")
    amounts = {"entries": f"{streams * last:,}", "streams": f"{streams:,}"}
    return amounts, [*figures_beside("ns-db prune", ours, bare, ratio_aim=RATIO, memory_aim=MEMORY),
                     Figure("of which start, connections, lock: the same on an empty Redis", fixed.seconds, "s",
                            cpu_seconds=fixed.cpu_seconds, server_seconds=fixed.server_seconds)]
