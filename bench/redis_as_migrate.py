"""as-db migrate, beside a pipelined GET and SET of the same values over one connection."""

import redis_records as records
from measure import Failed
from redis_server import resp
from side import Work, figures_beside

TITLE = "as-db migrate of {devices} end devices (bare: over one connection)"
MEMORY = 32
RATIOS = {"all change": 2.5, "none changes": 1.5}


def measure(place):
    count, figures = place.scaled(1_000_000), []
    for work in works(place, count):
        figures += figures_beside(work.name, *work.run(place.runs), ratio_aim=RATIOS[work.name], memory_aim=MEMORY)
    return {"devices": f"{count:,}"}, figures


def works(place, count):
    """All records change; then none does."""
    redis = place.redis()
    gets, sets = place.folder / "gets", place.folder / "sets"
    write(gets, (resp("GET", f"{records.NAME_SPACE}as:devices:uid:{records.uid(number)}") for number in range(count)))
    write(sets, records.as_records(count, started=False))
    for name, started in (("all change", True), ("none changes", False)):
        redis.ask("FLUSHALL")
        redis.fill(records.as_records(count, started))
        redis.fill(records.as_indexes(count))
        redis.keep(name)
        yield Work(name, redis, before=lambda name=name: redis.recall(name),
                   bare=lambda started=started: redis.pipe(gets) + (redis.pipe(sets) if started else 0),
                   ours=lambda: place.ours_redis("as-db", "migrate"), checks=[lambda: check(redis, count)])


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
