"""is-db cleanup of many expired entities, beside the bare DELETE statements on the same database."""

from collections import defaultdict

from measure import Failed, median_seconds, peak_bytes
from place import SQL
from report import Figure
from side import Work

TITLE = "is-db cleanup of {entities} expired entities beside as many that live ({rows} rows go)"
KINDS = 5
ROWS_OF_ONE_OF_EACH = 55  # that sql/expired.sql makes go with an expired entity of each kind
LONGEST = 5  # s
RATIO = 2
ROWS_BY_TABLE = """
SELECT relname || ' ' || (xpath('//n/text()', query_to_xml(format('SELECT count(*) AS n FROM %I', relname), false, true, '')))[1]
FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1
"""


def measure(place):
    each = place.scaled(20_000)
    fill(place, each)
    before, left, runs = rows(place, "expired"), {}, defaultdict(list)
    for _ in range(place.runs):
        for name, run in ways(place).items():
            place.server.create("expired_copy", "expired")
            runs[name].append(run())
            left[name] = rows(place, "expired_copy")
    left.pop("dry run")
    for name, found in left.items():
        if found != left["bare"]:
            raise Failed(f"{name} left other rows than the bare statements: {sorted(found ^ left['bare'])}")
    place.server.drop("expired", "expired_copy")
    gone = total(before) - total(left["bare"])
    return {"entities": f"{each * KINDS:,}", "rows": f"{gone:,}"}, figures(runs)


def fill(place, each):
    place.server.create("expired")
    place.ours("expired", "migrate")
    place.fill("expired", SQL / "expired.sql", n=each)


def works(place, count):
    """Of about as many rows that go."""
    fill(place, max(1, round(count / ROWS_OF_ONE_OF_EACH)))
    by_bare = set()

    def bare():
        done = ways(place)["bare"]()
        by_bare.update(rows(place, "expired_copy"))
        return done

    def check():
        if rows(place, "expired_copy") != by_bare:
            raise Failed("other rows are left than by the bare statements")
    try:
        yield Work("is-db cleanup", place.server, before=lambda: place.server.create("expired_copy", "expired"), bare=bare,
                   ours=ways(place)["with undo file"], checks=[check])
    finally:
        place.server.drop("expired", "expired_copy")


def ways(place):
    undo = place.folder / "undo"
    undo.mkdir(exist_ok=True)
    return {"with undo file": lambda: place.ours("expired_copy", "cleanup", "--yes", "--undo-to", str(undo)),
            "without undo file": lambda: place.ours("expired_copy", "cleanup", "--yes", "--no-undo"),
            "dry run": lambda: place.ours("expired_copy", "cleanup", "--dry-run", "--no-undo"),
            "bare": lambda: place.bare("expired_copy", SQL / "bare_cleanup.sql")}


def rows(place, database):
    return set(place.server.psql(database, ROWS_BY_TABLE))


def total(lines):
    return sum(int(line.split()[1]) for line in lines)


def figures(runs):
    bare = median_seconds(runs.pop("bare"))
    plan = runs.pop("dry run")
    result = [Figure(name, median_seconds(found), "s", bare=bare, aim=LONGEST, ratio_aim=RATIO,
                     memory_bytes=peak_bytes(found)) for name, found in runs.items()]
    return [*result, Figure("the plan alone (dry run)", median_seconds(plan), "s", bare=bare, memory_bytes=peak_bytes(plan))]
