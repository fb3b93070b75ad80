"""What lies in a PostgreSQL database, in a form that is the same after every run that ended right."""

import json
import re
import time
from calendar import timegm
from collections import Counter

import world  # noqa: F401  finds what follows

from database import CATALOGUE, is_journal

BEGAN = time.time() - 1
# A line for each: what types the columns have, and the rows of each table.
CONTENT = """
SELECT replace(json_agg(json_build_array(table_schema || '.' || table_name, column_name, data_type))::text, E'\\n', '') FROM information_schema.columns
 WHERE table_schema NOT IN ('pg_catalog', 'information_schema') HAVING count(*) > 0;
SELECT format($$SELECT replace(json_build_array(%L, coalesce(json_agg(t), '[]'))::text, E'\\n', '') FROM %I.%I t$$,
              schemaname || '.' || tablename, schemaname, tablename)
  FROM pg_tables t WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND schemaname NOT LIKE 'pg_temp%'
   AND NOT (schemaname = 'tti' AND tablename = 'operations')
   AND NOT EXISTS (SELECT 1 FROM pg_partitioned_table p WHERE p.partrelid = format('%I.%I', schemaname, tablename)::regclass)
\\gexec
"""
# Made by chance, or by how many runs it took: table (of any schema) and column.
BY_CHANCE = {("users", "password"), ("api_keys", "key"), ("api_keys", "api_key_id"), ("clients", "client_secret"),
             ("bun_migrations", "id"), ("bun_migrations", "group_id"), ("bun_migration", "id"), ("bun_migration", "group_id"), ("messages", "id")}


def state(postgres, database):
    """The catalogue's objects, and rows as sorted texts: an ID that was made by chance is the row that it names, a time of this test is "now"."""
    lines = postgres.psql(database, f"SET timezone = 'UTC'; {CATALOGUE}; {CONTENT}", user="postgres")
    objects = [line for line in lines if not line.startswith("[") and not is_journal(line) and " pg_temp_" not in line]
    columns, *tables = [json.loads(line) for line in lines if line.startswith("[")] or [[]]
    kinds = {(table, column): kind for table, column, kind in columns}
    return sorted(objects) + rows_of({table: rows for table, rows in tables}, kinds)


def rows_of(tables, kinds):
    known = {table: [plain(table, row, kinds) for row in rows] for table, rows in tables.items()}
    names = {}
    for table, rows in known.items():
        for row in rows:
            if kinds.get((table, "id")) == "uuid":
                names[row["id"]] = f"{table} {text({key: value for key, value in row.items() if kinds[table, key] != 'uuid'})}"
    return sorted(f"row {table} {text({key: named(key, value, kinds[table, key], names) for key, value in row.items()})}"
                  for table, rows in known.items() for row in rows)


def named(column, value, kind, names):
    """An ID of a row itself says nothing; one of another row stands for what that row holds."""
    if kind != "uuid" or value is None:
        return value
    return "made by chance" if column == "id" else names.get(value, value)


def plain(table, row, kinds):
    name = re.sub("_(p[0-9t]+|default)$", "", table.split(".")[1])
    return {key: value if value is None else "made by chance" if (name, key) in BY_CHANCE
            else "now" if kinds[table, key].startswith("timestamp") and is_of_this_test(value) else value for key, value in row.items()}


def is_of_this_test(value):
    moment = re.match(r"(\d+)-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)", value)
    return bool(moment) and BEGAN <= timegm(tuple(map(int, moment.groups()))) + 1 <= time.time() + 2


def text(row):
    return json.dumps(row, sort_keys=True)


def differences(found, wanted, most=6):
    """Lines that one of them has and the other has not, as often."""
    more, less = Counter(found), Counter(wanted)
    return [f"{sign}: {line}"[:400] for sign, lines in (("too much", more - less), ("missing", less - more)) for line in list(lines.elements())[:most]]
