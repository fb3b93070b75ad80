"""For how long is-db migrate keeps the stack waiting on a large database."""

import time
from collections import defaultdict

import bare_migrations
from measure import median_seconds, peak_bytes
from place import SQL
from probe import Probes
from report import Figure
from side import Work

TITLE = "is-db migrate on {devices} end devices, {gateways} gateways, {users} users: longest wait of a statement beside it"
LONGEST_LOCK = 100  # ms
FIRST = "20220520000000"


def measure(place):
    counts = counts_beside(place.scaled(1_000_000))
    file = fill(place, counts)
    runs, waits = defaultdict(list), defaultdict(list)
    for _ in range(place.runs):
        for kind, run in (("ours", lambda watch: place.ours("filled_copy", "migrate", meanwhile=watch)),
                          ("bare", lambda watch: place.bare("filled_copy", file, meanwhile=watch))):
            one(place, run, runs[kind], waits[kind], waits["idle"])
    place.server.drop("filled", "filled_copy")
    return {key: f"{value:,}" for key, value in counts.items()}, figures(runs, waits)


def counts_beside(devices):
    """Of a network with so many end devices."""
    return {"devices": devices, "gateways": max(1, devices // 10), "users": max(1, devices // 5)}


def works(place, devices):
    file = fill(place, counts_beside(devices))
    try:
        yield Work("is-db migrate", place.server, before=lambda: place.server.create("filled_copy", "filled"),
                   bare=lambda: place.bare("filled_copy", file), ours=lambda: place.ours("filled_copy", "migrate"),
                   checks=[lambda: place.ours("filled_copy", "status")])  # fails where something is due
    finally:
        place.server.drop("filled", "filled_copy")


def fill(place, counts):
    """In the layout of the first migration; a file with those that follow is returned."""
    place.server.create("filled")
    place.ours("filled", "migrate", "--target", FIRST)
    place.fill("filled", SQL / "filled.sql", **counts)
    return bare_migrations.write(place.folder / "later.sql", place.up_files()[1:], bookkeeping=False)


def one(place, run, runs, waits, idle_waits):
    place.server.create("filled_copy", "filled")
    probes = Probes(place.server, "filled_copy")
    probes.watch(until=time.monotonic() + 3)
    idle_waits.append(probes.longest())
    probes.forget()
    runs.append(run(lambda pid: probes.watch(pid=pid)))
    waits.append(probes.longest())
    probes.close()


def figures(runs, waits):
    worst = {kind: {name: max(wait[name] for wait in found) for name in found[0]} for kind, found in waits.items()}
    result = [Figure("whole run", median_seconds(runs["ours"]), "s", bare=median_seconds(runs["bare"]),
                     memory_bytes=peak_bytes(runs["ours"]))]
    result += [Figure(name, wait, "ms", bare=worst["bare"][name], aim=LONGEST_LOCK) for name, wait in worst["ours"].items()]
    result.append(Figure("while nothing runs (any table)", max(worst["idle"].values()), "ms"))
    return result
