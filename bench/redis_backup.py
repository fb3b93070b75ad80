"""backup of Redis alone, beside SCAN and a pipelined DUMP of the same keys."""

import shutil

import redis_records as records
from measure import Failed
from redis_server import resp
from side import Work, figures_beside

TITLE = "backup of {keys} keys (bare: SCAN, and DUMP over one connection; nothing is written)"
RATIO = 2.0
MEMORY = 64  # deriving a key takes 32 of them
WITHOUT = ("--without", "is,storage,noc")
KEYS_A_PAIR = 12


def measure(place):
    figures = []
    for work in works(place, place.scaled(1_000_000)):
        figures += figures_beside(work.name, *work.run(place.runs), RATIO, MEMORY)
        count = int(work.server.ask("DBSIZE"))
    return {"keys": f"{count:,}"}, figures


def works(place, count):
    """In the clear; then encrypted."""
    redis = place.redis()
    redis.fill(records.js_session_keys(max(1, count // KEYS_A_PAIR), KEYS_A_PAIR, 0))
    pattern = f"{records.NAME_SPACE}*"
    dumps = place.folder / "dumps"
    with open(dumps, "wb") as file:
        file.writelines(resp("DUMP", key) for key in redis.ask("--scan", "--pattern", pattern).splitlines())
    key = place.folder / "backup.key"
    key.write_text("a secret of the benchmark\n", encoding="utf-8")
    archive = place.folder / "archive"

    def check():
        if not (archive / "manifest.json").exists():
            raise Failed("there is no manifest")
    for name, more in (("backup", ()), ("backup, encrypted", ("--key-from", f"file:{key}"))):
        yield Work(name, redis, before=lambda: shutil.rmtree(archive, ignore_errors=True),
                   bare=lambda: redis.scan(pattern) + redis.pipe(dumps),
                   ours=lambda more=more: place.ours_redis("backup", archive, *WITHOUT, *more), checks=[check])
