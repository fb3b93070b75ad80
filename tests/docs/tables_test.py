"""The reference has every table and view that the program's commands leave in PostgreSQL."""

import re
import subprocess
import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/scenarios"))

from parse import Scenario  # noqa: E402
from place import Place  # noqa: E402
from servers import Postgres  # noqa: E402
import witness  # noqa: E402

BINARY = Path(sys.argv.pop()).resolve() if len(sys.argv) > 1 else None
# Chunks of time are told with their table; so is the one for rows that none was made for.
TABLES = """
SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
"""


class Tables(unittest.TestCase):
    def setUp(self):
        postgres = Postgres.start()
        self.addCleanup(postgres.stop)
        self.place = Place(Scenario("docs/tables.scenario", "Every table.", ["postgres"], []), BINARY, postgres)
        self.addCleanup(self.place.take_down)

    def run_program(self, *words):
        return witness.run([BINARY, *words], env=self.place.environment, cwd=self.place.folder, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, check=True).stdout

    def test_each_is_told(self):
        for words in (["is-db", "migrate"], ["is-db", "create-tenant", "--id=acme"], ["storage-db", "init"], ["noc-db", "init"]):
            self.run_program(*words)
        there = {line.split(" | ")[1] for line in self.place.postgres.psql(self.place.database, TABLES)}
        told = set(re.findall(r"^### (?:tti\.)?(\S+)$", self.run_program("reference", "tables"), re.MULTILINE))
        self.assertGreater(len(there), 80)
        self.assertEqual(there - told, set())


if __name__ == "__main__":
    unittest.main()
