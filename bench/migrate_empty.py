"""is-db migrate on an empty database, beside psql running the same statements."""

import bare_migrations
from measure import median_seconds, peak_bytes
from report import Figure

TITLE = "is-db migrate on an empty database"


def measure(place):
    file = bare_migrations.write(place.folder / "all.sql", place.up_files())
    ours, bare, again = [], [], []
    for _ in range(max(place.runs, 7)):
        place.server.create("empty_ours")
        ours.append(place.ours("empty_ours", "migrate"))
        again.append(place.ours("empty_ours", "migrate"))
        place.server.create("empty_bare")
        bare.append(place.bare("empty_bare", file))
    place.server.drop("empty_ours", "empty_bare")
    return [Figure("15 migrations", median_seconds(ours), "s", bare=median_seconds(bare), memory_bytes=peak_bytes(ours)),
            Figure("once more, nothing due", median_seconds(again), "s", memory_bytes=peak_bytes(again))]
