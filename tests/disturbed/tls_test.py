"""The network in trouble below TLS: whatever is cut, damaged or late ends clearly, and a rerun ends as an undisturbed run.

tls_test.py BINARY [PostgresBelowTls] [RedisBelowTls]"""

import sys
import unittest
from collections import Counter
from pathlib import Path

sys.dont_write_bytecode = True

from clear_end import expect_clear_end  # noqa: E402
from network import DOWN, UP, Cut, Damage, Delay, Network, Silence, Slices, Trouble  # noqa: E402
from postgres_rows import ROWS as POSTGRES_ROWS  # noqa: E402
from rows import ROWS as REDIS_ROWS  # noqa: E402
from tls import EncryptedDatabases, EncryptedWorld  # noqa: E402
from world import differences, encoded  # noqa: E402
import normal_form  # noqa: E402

BINARY = Path(sys.argv.pop(1)).resolve()
HANDSHAKE = 300  # bytes within it
INJECTED = Counter()
UNREACHABLE = 4


def tearDownModule():  # pylint: disable=invalid-name
    for kind, number in sorted(INJECTED.items()):
        print(f"{number:4} × {kind}")


class BelowTls(unittest.TestCase):
    """What both have in common: `fill`, `run_through`, `expect_same_after_rerun` and a `port` are the server's."""

    def disturbed(self):
        counted = Trouble()
        self.fill()
        self.assertEqual(self.through(counted).returncode, 0)
        for direction, total in counted.passed.items():
            # Records of TLS are not of the same length each time: the last place is well before the end.
            for place in (HANDSHAKE, total // 2, total * 4 // 5):
                self.disturb(self.turn((Cut(direction, place), Damage(direction, place))))
                self.number += 1
        self.disturb(self.turn((Slices(UP), Slices(DOWN), Delay(UP), Delay(DOWN))))
        self.assertEqual(self.disturb(self.turn((Silence(UP, HANDSHAKE), Silence(DOWN, HANDSHAKE)))).returncode, UNREACHABLE)

    def disturb(self, trouble):
        what = f"{self.row.words}: {type(trouble).__name__} after {trouble.at} bytes {trouble.direction}"
        self.fill()
        done = self.through(trouble)
        INJECTED[f"{type(trouble).__name__} below {type(self).__name__.removesuffix('BelowTls')}'s TLS"] += 1
        self.assertGreater(trouble.done, 0, f"{what} did not happen")
        expect_clear_end(self, done, what)
        self.expect_same_after_rerun(what)
        return done

    def turn(self, choices):
        return choices[self.number % len(choices)]

    def through(self, trouble):
        with Network(self.port, trouble) as network:
            return self.run_it(network.port)

    def expect_same_after_rerun(self, what):
        done = self.run_it(self.port)
        self.assertIn(done.returncode, self.again, f"rerun after {what}: {done.stderr[-1000:]}")
        self.assertEqual(self.differences(self.state(), self.wanted), [], what)


class PostgresBelowTls(BelowTls):
    rows = [row for row in POSTGRES_ROWS if row.words.startswith(("is-db cleanup", "is-db create-tenant", "storage-db demo --days"))]
    differences = staticmethod(normal_form.differences)

    @classmethod
    def setUpClass(cls):
        cls.databases = EncryptedDatabases(BINARY)
        cls.addClassCleanup(cls.databases.stop)

    def begin(self, row):
        self.row, self.again, self.port = row, (0, *row.again), self.databases.server.port
        self.world = self.databases.world(row.name, row.fixture)
        self.fill, self.state = self.world.fill, self.world.state
        self.fill()
        self.assertEqual(self.run_it(self.port).returncode, 0)
        self.wanted = self.state()

    def run_it(self, port):
        # The server may not know yet that the run before has gone.
        return self.world.run([*self.row.words.split(), "--wait=60s"], self.world.uri(port), **dict(self.row.variables))


class RedisBelowTls(BelowTls):
    rows = [row for row in REDIS_ROWS if row.words == "ns-db migrate"]  # each fault waits for time-outs
    again = (0,)
    differences = staticmethod(differences)

    @classmethod
    def setUpClass(cls):
        cls.world = EncryptedWorld(BINARY)
        cls.addClassCleanup(cls.world.stop)

    def begin(self, row):
        self.row, self.port, commands = row, self.world.redis.port, encoded(row.fixture(40))
        self.fill, self.state = lambda: self.world.fill(commands), self.world.state
        self.fill()
        self.assertEqual(self.run_it(self.port).returncode, 0)
        self.wanted = self.state()

    def run_it(self, port):
        self.world.forget_lock()
        return self.world.run([*self.row.words.split(), *(["--undo-to", str(self.world.undo)] if self.row.undo else [])], port)


def add_tests(case):
    for number, row in enumerate(case.rows):
        def test(self, row=row, number=number):
            self.number = number
            self.begin(row)
            self.disturbed()
        setattr(case, f"test_{row.name}", test)


for each in (PostgresBelowTls, RedisBelowTls):
    add_tests(each)

if __name__ == "__main__":
    unittest.main(verbosity=2)
