"""storage-db killed at each of its failure points and run again ends as if nothing had been: killed_test.py BINARY MODULES-FOLDER"""

import re
import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True

from both import PAGE, Plain, Timescale, rows  # noqa: E402

SOURCES = [Path(__file__).resolve().parents[2] / "src" / room for room in ("storage_integration", "database")]
DEMO = ("demo", "--days", "5", "--devices", "60", "--interval", "30m", "--until", "2026-11-01T00:00:00Z")
STATE = ("SELECT md5(string_agg(application_id || device_id || received_at || message, '' ORDER BY received_at, application_id, device_id, "
         "message::text)) FROM storage.messages",
         "SELECT count(*) FROM storage.demo_applications", "SELECT name FROM storage.bun_migrations ORDER BY 1")


def messages(server):
    server.run("init", "--timescaledb.chunk-time-interval", "24")
    server.sql(rows(8))
    server.run("maintain")


def strays(server):
    server.run("init", *PAGE)
    server.sql(rows(34))


def partitions(server):
    server.run("init", *PAGE, "--timeseries", "partitions")
    server.sql(rows(4))


def demo(server):
    server.run("init")
    server.run(*DEMO)


def init(server):
    server.run("init")


def nothing(_):
    pass


RETENTION = ("retention", "set", "--days", "3", "--yes")
INIT = ("init", *PAGE)
CONVERSION = ("migrate", "--timeseries", "timescaledb")
COMPRESSION = ("migrate", "--timescaledb.compress-after-days", "7")
# Failure point and its passing; what stands before; the command; what ends it when given again, other than 0.
ROWS = [
    *[(f"{point} migration:{passing}", nothing, ("migrate", *PAGE), 0)
      for point in ("before", "inside", "after") for passing in (1, 2)],
    ("before policy", nothing, ("migrate", *PAGE), 0),
    *[(f"{point} drop:{passing}", messages, RETENTION, 0) for point in ("before", "after") for passing in (1, 3)],
    *[(f"{point} policy", messages, RETENTION, 0) for point in ("before", "after")],
    ("before fill", init, DEMO, 0),
    ("inside fill:2", init, DEMO, 0),
    ("after fill", init, DEMO, 6),
    *[(f"{point} removal", demo, ("demo", "--remove"), 0) for point in ("before", "inside", "after")],
]
PLAIN = [
    *[(f"{point} make:{passing}", strays, ("maintain",), 0) for point in ("before", "after") for passing in (1, 7)],
    ("after drop:2", strays, ("maintain",), 0),
    *[(f"{point} chunk length", init, ("migrate", "--timescaledb.chunk-time-interval", "6"), 0) for point in ("before", "after")],
]
TIMESCALE = [
    *[(f"{point} conversion", partitions, CONVERSION, 0) for point in ("before", "inside", "after")],
    *[(f"{point} compression policy", init, COMPRESSION, 0) for point in ("before", "after")],
]


def state(server):
    return [server.sql(statement) for statement in STATE] + [
        server.data("retention", "show").get("keep_seconds"),
        server.data("status", code=None)["tables"][0]["chunk_seconds"],
        server.run("verify")]


class Killed(unittest.TestCase):
    def check(self, server, table):
        self.addCleanup(server.stop)
        expected = {}
        for point, before, command, again in table:
            with self.subTest(point=point, command=command):
                if (before, command) not in expected:
                    server.clear()
                    before(server)
                    server.run(*command)
                    expected[before, command] = state(server)
                server.clear()
                before(server)
                server.run(*command, code=-9, TTI_LW_FAIL_AT=point)
                server.run(*command, code=again)
                self.assertEqual(state(server), expected[before, command])

    def test_on_partitions(self):
        self.check(Plain(), ROWS + PLAIN)

    def test_on_hypertables(self):
        """Of the rest what meets the extension; its server here is slow."""
        self.check(Timescale(), [row for row in ROWS if row[0] in ("inside migration:1", "after drop:3", "after policy", "inside fill:2",
                                                                   "inside removal")] + TIMESCALE)

    def test_every_point_has_a_row(self):
        texts = [path.read_text("utf-8") for room in SOURCES for path in room.glob("*.cpp")]
        named = {name for text in texts for name in re.findall(r'failure_point\("([^"]+)"\)', text)}
        self.assertEqual(named, {point.split(":")[0] for point, *_ in ROWS + PLAIN + TIMESCALE})


if __name__ == "__main__":
    unittest.main()
