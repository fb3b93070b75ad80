"""as-db migrate, beside a pipelined GET and SET of the same values over one connection."""

import redis_records as records
from measure import Failed
from redis_server import resp
from redis_side import Side, figures_beside

TITLE = "as-db migrate of {devices} end devices (bare: over one connection)"
MEMORY = 32


def measure(place):
    count = place.scaled(1_000_000)
    redis = place.redis()
    gets, sets = place.folder / "gets", place.folder / "sets"
    write(gets, (resp("GET", f"{records.NAME_SPACE}as:devices:uid:{records.uid(number)}") for number in range(count)))
    write(sets, records.as_records(count, started=False))
    figures = []
    for name, started, ratio in (("all change", True, 2.5), ("none changes", False, 1.5)):
        redis.ask("FLUSHALL")
        redis.fill(records.as_records(count, started))
        redis.fill(records.as_indexes(count))
        redis.keep(name)
        ours, bare = Side(), Side()
        for _ in range(place.runs):
            redis.recall(name)
            bare.add(redis, lambda started=started: redis.pipe(gets) + (redis.pipe(sets) if started else 0))
            redis.recall(name)
            ours.add(redis, lambda: place.ours_redis("as-db", "migrate"))
            check(redis, count)
        figures += figures_beside(name, ours, bare, ratio_aim=ratio, memory_aim=MEMORY)
    return {"devices": f"{count:,}"}, figures


def write(path, pieces):
    with open(path, "wb") as file:
        file.writelines(pieces)


def check(redis, count):
    """A few records, byte for byte, and the version."""
    for number in (0, count // 2, count - 1):
        wanted = next(iter(records_of(number)))
        found = redis.ask("GET", f"{records.NAME_SPACE}as:devices:uid:{records.uid(number)}")
        if found.encode() not in wanted:
            raise Failed(f"device {number} is not what it should be")
    if redis.ask("GET", f"{records.NAME_SPACE}as:schema-version") != "1":
        raise Failed("the version is not recorded")


def records_of(number):
    message = (records.identifiers(number) + records.field(2, records.TIME) + records.field(3, records.TIME) +
               records.field(26, records.session(number, False)) + records.FORMATTERS)
    yield records.text(message)
