"""backup of Redis alone, beside SCAN and a pipelined DUMP of the same keys."""

import shutil

import redis_records as records
from measure import Failed
from redis_server import resp
from redis_side import Side, figures_beside

TITLE = "backup of {keys} keys (bare: SCAN, and DUMP over one connection; nothing is written)"
RATIO = 2.0
MEMORY = 64  # deriving a key takes 32 of them
WITHOUT = ("--without", "is,storage,noc")


def measure(place):
    pairs, each = max(1, place.scaled(1_000_000) // 12), 12
    redis = place.redis()
    redis.ask("FLUSHALL")
    redis.fill(records.js_session_keys(pairs, each, 0))
    pattern = f"{records.NAME_SPACE}*"
    dumps = place.folder / "dumps"
    with open(dumps, "wb") as file:
        file.writelines(resp("DUMP", key) for key in redis.ask("--scan", "--pattern", pattern).splitlines())
    count = int(redis.ask("DBSIZE"))
    key = place.folder / "backup.key"
    key.write_text("a secret of the benchmark\n", encoding="utf-8")
    archive = place.folder / "archive"
    figures = []
    for name, more in (("backup", ()), ("backup, encrypted", ("--key-from", f"file:{key}"))):
        ours, bare = Side(), Side()
        for _ in range(place.runs):
            bare.add(redis, lambda: redis.scan(pattern) + redis.pipe(dumps))
            shutil.rmtree(archive, ignore_errors=True)
            ours.add(redis, lambda: place.ours_redis("backup", archive, *WITHOUT, *more))
            if not (archive / "manifest.json").exists():
                raise Failed(f"{name}: there is no manifest")
        figures += figures_beside(name, ours, bare, RATIO, MEMORY)
    return {"keys": f"{count:,}"}, figures
