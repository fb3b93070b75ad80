"""Many tenants: one migration due in each, then the question how they are."""

from collections import defaultdict

import bare_migrations
from measure import median_seconds, peak_bytes
from report import Figure

TITLE = "{tenants} tenants"
STACK = "status of the whole stack, with Redis"
GROUPS = ("dcs-db", "ns-db", "as-db", "js-db")
# What has to be asked of the server to know how a tenant is.
QUESTIONS = """SELECT name FROM bun_migrations;
SELECT relname, relkind FROM pg_class WHERE relnamespace = current_schema()::regnamespace;
"""


def measure(place):
    count = place.scaled(1_000)
    schemas = ["public", *(f"tenant_t{number}" for number in range(count))]
    fill(place, schemas)
    last = place.up_files()[-1]
    due = bare_migrations.write_tenants(place.folder / "due.sql", schemas, [last])
    undo = bare_migrations.write_tenants_undo(place.folder / "undo.sql", schemas, last)
    questions = bare_migrations.write_each(place.folder / "questions.sql", schemas, QUESTIONS)
    place.redis()
    for group in GROUPS:
        place.ours_redis(group, "migrate")
    runs = defaultdict(list)
    for _ in range(place.runs):
        runs["due"].append(place.ours("tenants", "migrate"))
        for word in ("migrate", "status", "verify"):
            runs[word].append(place.ours("tenants", word))
        runs[STACK].append(place.ours_redis("status", "--timeout", "10m", database="tenants"))
        runs["questions"].append(place.bare("tenants", questions))
        place.fill("tenants", undo)
        runs["bare"].append(place.bare("tenants", due))
        place.fill("tenants", undo)
    place.server.drop("tenants")
    return {"tenants": f"{count:,}"}, figures(runs)


def figures(runs):
    migrating, asking = (median_seconds(runs.pop(word)) for word in ("bare", "questions"))
    bare = {"due": migrating, "status": asking, STACK: asking}
    names = {"due": "migrate, one migration due in each", "migrate": "migrate, nothing due"}
    return [Figure(names.get(word, word), median_seconds(found), "s", bare=bare.get(word), memory_bytes=peak_bytes(found))
            for word, found in runs.items()]


def fill(place, schemas):
    """The default tenant and the register by the program, the tenants by the same statements in one go."""
    *before, _ = place.up_files()
    place.server.create("tenants")
    place.ours("tenants", "migrate")
    place.ours("tenants", "create-tenant")
    place.ours("tenants", "migrate", "--rollback", "--target", before[-1].name.split("_")[0])
    names = ",\n".join(f"('{schema.removeprefix('tenant_')}', '{schema}')" for schema in schemas[1:])
    file = bare_migrations.write_new_tenants(place.folder / "tenants.sql", schemas[1:], before)
    with file.open("a", encoding="utf-8") as stream:
        stream.write(f"INSERT INTO tti.tenants (tenant_id, schema_name) VALUES {names};\n")
    place.fill("tenants", file)
