"""ns-db prune of the streams of old releases, beside bare XTRIM MINID of the same streams."""

import redis_records as records
from measure import Failed, median_seconds, peak_bytes
from redis_server import resp
from report import MEBI, Figure

TITLE = "ns-db prune of {entries} entries in {streams} streams"
STREAMS = 20
RATIO = 2
MEMORY = 32


def measure(place):
    each = place.scaled(1_000_000) // STREAMS
    redis = place.redis()
    redis.fill(records.legacy_uplinks(STREAMS, each))
    redis.keep("streams")
    runs, left = {"ns-db prune": [], "bare": []}, {}
    bare = place.folder / "xtrim"
    last = each * 9 // 10
    bare.write_bytes(b"".join(resp("XTRIM", key(stream), "MINID", f"1600000000000-{last + 1}") for stream in range(STREAMS)))
    for _ in range(place.runs):
        for name, run in (("ns-db prune", lambda: place.ours_redis("ns-db", "prune")), ("bare", lambda: redis.pipe(bare))):
            redis.recall("streams")
            runs[name].append(run())
            left[name] = [redis.ask("XLEN", key(stream)) for stream in range(STREAMS)]
    if left["ns-db prune"] != left["bare"]:
        raise Failed(f"other entries are left than by XTRIM: {left}")
    amounts = {"entries": f"{each * STREAMS * 9 // 10:,}", "streams": STREAMS}
    ours = runs["ns-db prune"]
    return amounts, [Figure("ns-db prune", median_seconds(ours), "s", bare=sorted(runs["bare"])[place.runs // 2], ratio_aim=RATIO,
                            memory_bytes=peak_bytes(ours)),
                     Figure("memory", peak_bytes(ours) / MEBI, "MiB", aim=MEMORY)]


def key(stream):
    return f"{records.NAME_SPACE}ns:application-uplinks:uid:app-{stream:03}:uplinks"
