"""What a scenario does with its database besides running commands: snapshots, and sessions that hold locks."""

import subprocess

SYSTEM = "('pg_catalog', 'information_schema', 'pg_toast')"

# A line for each object.
CATALOGUE = f"""
SELECT 'schema ' || nspname FROM pg_namespace WHERE nspname NOT IN {SYSTEM} AND nspname !~ '^pg_(toast_)?temp'
UNION ALL
SELECT format('column %s.%s.%s %s%s %s', n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
              CASE WHEN a.attnotnull THEN ' not null' ELSE '' END, coalesce(pg_get_expr(d.adbin, d.adrelid), ''))
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
 WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'm', 'f') AND n.nspname NOT IN {SYSTEM}
UNION ALL
SELECT format('index %s.%s %s valid=%s', schemaname, indexname, indexdef,
              (SELECT indisvalid FROM pg_index WHERE indexrelid = format('%I.%I', schemaname, indexname)::regclass))
  FROM pg_indexes WHERE schemaname NOT IN {SYSTEM}
UNION ALL
SELECT format('constraint %s.%s %s', n.nspname, c.conname, pg_get_constraintdef(c.oid))
  FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace WHERE n.nspname NOT IN {SYSTEM}
UNION ALL
SELECT format('view %s.%s %s', schemaname, viewname, md5(definition)) FROM pg_views WHERE schemaname NOT IN {SYSTEM}
UNION ALL
SELECT format('function %s.%s', n.nspname, p.proname) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
 WHERE n.nspname NOT IN {SYSTEM}
UNION ALL
SELECT format('extension %s', extname) FROM pg_extension
"""
# Everything that a command could change: the catalogue, then where sequences stand, and a checksum of each table's rows.
SNAPSHOT = f"""{CATALOGUE}
UNION ALL
SELECT format('sequence %s.%s %s', schemaname, sequencename, last_value) FROM pg_sequences
UNION ALL
SELECT format('rows %s.%s %s', table_schema, table_name, (xpath('//checksum/text()', query_to_xml(format(
         $$SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, chr(10) ORDER BY t::text)), '') AS checksum FROM %I.%I t$$,
         table_schema, table_name), false, true, '')))[1])
  FROM information_schema.tables WHERE table_type = 'BASE TABLE' AND table_schema NOT IN {SYSTEM}
"""


def snapshot(postgres, database, strictly=False):
    """The database as sorted lines. The journal is left out unless `strictly`: a refused run may be written there."""
    lines = sorted(postgres.psql(database, SNAPSHOT, user="postgres"))
    return lines if strictly else [line for line in lines if not is_journal(line)]


def is_journal(line):
    return line == "schema tti" or " tti.operations" in line


class Session:
    """A psql that ran statements and keeps its transaction open."""

    def __init__(self, postgres, database, sql):
        self.popen = subprocess.Popen(postgres.psql_command(database), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                      stderr=subprocess.PIPE, text=True)
        self.popen.stdin.write(f"{sql};\n\\echo now-held\n")
        self.popen.stdin.flush()
        for line in self.popen.stdout:
            if line.strip() == "now-held":
                return
        raise RuntimeError(self.popen.stderr.read().strip())

    def release(self):
        self.popen.communicate("\\q\n")
