"""How the bulk commands grow with what they work on; the promise is linear time and flat memory."""

import contextlib
import sys
from collections.abc import Callable
from dataclasses import dataclass

import cleanup
import migrate_filled
import points
import redis_as_migrate
import redis_backup
import redis_cleanup
import redis_prune
import redis_walks
import storage_ingest
from measure import Failed
from points import Point
from report import aligned

TITLE = "growth of {commands} commands"


@dataclass
class Case:
    command: str
    of: str
    beside: str
    works: Callable  # of a place and an amount; the first of these is measured


CASES = (
    Case("is-db migrate", "end devices", "psql", migrate_filled.works),
    Case("is-db cleanup", "rows that go", "DELETE", cleanup.works),
    Case("ns-db prune", "entries", "XTRIM", redis_prune.works),
    Case("ns-db cleanup", "end devices", "SCAN, UNLINK", redis_cleanup.works),
    Case("as-db migrate", "end devices", "GET, SET", redis_as_migrate.works),
    Case("as-db purge", "queues", "SCAN, UNLINK", redis_walks.purges),
    Case("js-db migrate", "session keys", "SCAN, UNLINK", redis_walks.session_keys),
    Case("backup", "keys of Redis", "SCAN, DUMP", redis_backup.works),
    Case("storage-db demo", "messages", "COPY", storage_ingest.works),
)


def measure(place):
    amounts = sorted({place.scaled(size) for size in place.sizes})
    return {"commands": len(CASES)}, [point(place, case, amount) for case in CASES for amount in amounts]


def point(place, case, amount):
    print(f"growth: {case.command}, {amount:,} {case.of}", file=sys.stderr, flush=True)
    with contextlib.closing(case.works(place, amount)) as works:
        ours, bare = next(works).run(place.runs)
    return Point(case.command, amount, case.of, case.beside, ours.seconds, bare.seconds, ours.cpu_seconds, ours.server_seconds,
                 bare.server_seconds, ours.peak_bytes)


def table(found):
    return aligned(points.table(found), left=(0, 1))
