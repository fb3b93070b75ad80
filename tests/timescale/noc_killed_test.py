"""noc-db killed at each of its failure points and run again ends as if nothing had been: noc_killed_test.py BINARY MODULES-FOLDER"""

import re
import sys
import unittest
from datetime import datetime, timezone
from pathlib import Path

sys.dont_write_bytecode = True

from noc import RAW, Plain, aggregates, contents, late  # noqa: E402

SOURCES = [Path(__file__).resolve().parents[2] / "src" / room for room in ("network_operations_center", "database")]
NOW = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:00:00Z")
DEMO = ("demo", "--days", "2", "--gateways", "2", "--applications", "1", "--devices", "3", "--interval", "6h", "--until", NOW)
LESS = ("migrate", "--yes")


def nothing(_):
    pass


def init(server):
    server.run("init", TTN_LW_NOC_STORE_RAW_DATA_RETENTION="240h")


def events(server):
    init(server)
    server.sql(late(NOW, (1, 50, 100, 200)))


def demo(server):
    init(server)
    server.run(*DEMO)


# Failure point and its passing; what stands before; the command; what ends it when given again, other than 0.
ROWS = [
    *[(point, nothing, ("migrate",), 0) for point in ("before migration:2", "inside migration:1", "inside migration:2", "after migration:4",
                                                      "before policy", "inside policy:2")],
    ("before fill", init, DEMO, 0),
    ("inside fill", init, DEMO, 0),
    ("after fill", init, DEMO, 6),
    ("inside removal:2", demo, ("demo", "--remove"), 0),
    *[(point, events, ("maintain",), 0) for point in ("before make:1", "after make:2", "before refresh", "inside refresh:1", "inside refresh:3",
                                                      "after refresh")],
    *[(point, events, LESS, 0) for point in ("before drop:1", "after drop:2")],
]
# Of TimescaleDB alone: noc_test.py and noc_conversion_test.py kill there.
ELSEWHERE = {"before late events", "after late events", "before conversion", "after conversion"}


class Killed(unittest.TestCase):
    maxDiff = 2000

    @classmethod
    def setUpClass(cls):
        cls.plain = Plain()
        cls.addClassCleanup(cls.plain.stop)

    def begin(self, before):
        """The database as `before` leaves it, which is made once."""
        server, name = self.plain.server, f"before_{before.__name__}"
        server.drop_database("storage")
        if server.psql("postgres", f"SELECT 1 FROM pg_database WHERE datname = '{name}'"):
            server.psql("postgres", f"CREATE DATABASE storage OWNER stack TEMPLATE {name}", user="postgres")
            return
        server.create_database("storage")
        before(self.plain)
        server.psql("postgres", f"CREATE DATABASE {name} OWNER stack TEMPLATE storage", user="postgres")

    def state(self):
        self.plain.run("maintain", code=None)
        self.plain.run("verify")
        return contents(self.plain, (*RAW[:-1], *aggregates(self.plain))) + self.plain.sql(
            "SELECT name FROM noc.bun_migrations ORDER BY 1; SELECT table_name, chunk_length, keep FROM noc.partitioned_tables ORDER BY 1")

    def test_the_rerun_ends_the_same(self):
        expected = {}
        for point, before, command, again in ROWS:
            with self.subTest(point=point):
                if (before, command) not in expected:
                    self.begin(before)
                    self.plain.run(*command)
                    expected[before, command] = self.state()
                self.begin(before)
                self.plain.run(*command, code=-9, TTI_LW_FAIL_AT=point)
                self.plain.run(*command, code=again)
                self.assertEqual(self.state(), expected[before, command])

    def test_every_point_has_a_row(self):
        texts = [path.read_text("utf-8") for room in SOURCES for path in room.glob("*.cpp")]
        named = {name for text in texts for name in re.findall(r'failure_point\("([^"]+)"\)', text)}
        self.assertEqual(named, {point.split(":")[0] for point, *_ in ROWS} | ELSEWHERE)


if __name__ == "__main__":
    unittest.main()
