"""All kills of all harnesses as one table; every failure point of the sources is in it: kill_table_test.py PARTS-FOLDER TABLE-FILE"""

import json
import re
import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True

from kill_table import RIGHT, table_text  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
PARTS, FILE = Path(sys.argv.pop(1)), Path(sys.argv.pop(1))
# Whose points a room's are; what stands in no other room is passed on the way of many commands.
COMMANDS = {"identity_server": "is-db", "storage_integration": "storage-db", "network_operations_center": "noc-db", "network_server": "ns-db",
            "application_server": "as-db", "join_server": "js-db", "device_claiming_server": "dcs-db", "stack": "upgrade",
            "backup": ("backup", "restore")}
# Passed on TimescaleDB alone, and killed there by tests/timescale.
ON_TIMESCALEDB = {("storage_integration", "before conversion"), ("storage_integration", "inside conversion"),
                  ("storage_integration", "after conversion"), ("storage_integration", "before compression policy"),
                  ("storage_integration", "after compression policy"), ("network_operations_center", "before late events"),
                  ("network_operations_center", "after late events"), ("network_operations_center", "before conversion"),
                  ("network_operations_center", "after conversion"), ("backup", "after make tables"), ("backup", "after load table"),
                  ("backup", "inside load rows"), ("backup", "after load schema"), ("backup", "after finish schema")}


def kills():
    return [tuple(kill) for part in sorted(PARTS.glob("*.json")) for kill in json.loads(part.read_text(encoding="utf-8"))]


def points():
    """Room and name."""
    return {(path.parent.name, name) for path in ROOT.glob("src/*/*.cpp")
            for name in re.findall(r'failure_point\(\s*"([^"]+)"', path.read_text(encoding="utf-8"))}


class KillTable(unittest.TestCase):
    maxDiff = 4000

    @classmethod
    def setUpClass(cls):
        cls.kills = kills()
        text = table_text(cls.kills)
        print(text)
        FILE.write_text(text + "\n", encoding="utf-8")

    def test_every_failure_point_was_killed_at(self):
        gaps = {(room, name) for room, name in points() if not any(name == point and operation.startswith(COMMANDS.get(room, ""))
                                                                  for operation, point, *_ in self.kills)}
        self.assertEqual(sorted(gaps - ON_TIMESCALEDB), [])

    def test_what_timescaledb_alone_passes_is_there(self):
        texts = " ".join(path.read_text(encoding="utf-8") for path in ROOT.glob("tests/timescale/*_test.py"))
        self.assertEqual([point for point in ON_TIMESCALEDB - points()], [])
        for _, name in ON_TIMESCALEDB:
            self.assertIn(name.split()[1], texts)

    def test_every_one_ended_as_undisturbed(self):
        self.assertEqual([kill for kill in self.kills if kill[3] != RIGHT], [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
