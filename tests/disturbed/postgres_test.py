"""Every command that writes to PostgreSQL, killed at every failure point and disturbed on the way: a rerun ends as an undisturbed run.

postgres_test.py BINARY Table, or BINARY GROUP (is-db, storage-db, noc-db) [Disturbed.test_…]"""

import re
import signal
import sys
import time
import unittest
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.dont_write_bytecode = True

from clear_end import expect_clear_end  # noqa: E402
from kill_table import Kill, KillTable  # noqa: E402
from network import DOWN, UP, Cut, Delay, Network, Refusal, Silence, Slices, Trouble  # noqa: E402
from normal_form import differences  # noqa: E402
from postgres_proxy import (CODES, SHUTDOWN, Answer, Fault, Garbled, GarbledReply, LostReply, LostRequest, Proxy, Stall, TooMany,  # noqa: E402
                            commits, writes)
from postgres_rows import ROWS  # noqa: E402
from postgres_world import Databases  # noqa: E402
from world import KILLED, ended  # noqa: E402
import witness  # noqa: E402

BINARY = Path(sys.argv.pop(1)).resolve()
GROUP = sys.argv.pop(1)
MINE = [row for row in ROWS if row.words.startswith(GROUP)]
DUE, UNREACHABLE, INTERRUPTED = 3, 4, 130
ERRORS = (*CODES, SHUTDOWN)
DATA, DISK_FULL = re.compile(r"\s*(INSERT|COPY|CREATE)\b", re.IGNORECASE), "53100"
TABLE = KillTable(f"postgres-{GROUP}")
INJECTED = Counter()


def tearDownModule():  # pylint: disable=invalid-name
    TABLE.close()
    for kind, number in sorted(INJECTED.items()):
        print(f"{number:4} × {kind}")


class Table(unittest.TestCase):
    def test_every_writing_command_has_a_row(self):
        reference = witness.run([BINARY, "reference", "commands"], capture_output=True, text=True, check=True).stdout
        sections = re.findall(r"^## tti-lw-stack ((?:is|storage|noc)-db .+?)$(.*?)(?=^## |\Z)", reference, re.MULTILINE | re.DOTALL)
        self.assertEqual({command for command, text in sections if "--dry-run" in text}, {row.command for row in ROWS})

    def test_names_are_unique(self):
        self.assertEqual(len({row.name for row in ROWS}), len(ROWS))


class Undisturbed:
    """What a row's command does when nobody disturbs it."""

    def __init__(self, test, row, world):
        self.row, self.world = row, world
        passed = world.folder / "passed"
        fill(world, row)
        self.initial = world.state()
        with Proxy(world.server.port, Fault()) as proxy:
            done = world.run(words(world, row), world.uri(proxy.port), TTI_LW_LIST_POINTS=passed, **dict(row.variables))
        expect_done(test, done, row, "undisturbed")
        self.points, self.texts = Counter(passed.read_text(encoding="utf-8").splitlines()), proxy.trouble.texts
        self.made_at, self.wanted = hour(), [settled(world, row)]
        if row.adds:
            expect_done(test, world.run(words(world, row), **dict(row.variables)), row, "again")
            self.wanted.append(settled(world, row))

    def places(self, counts):
        return places(sum(1 for text in self.texts if counts(text)))


def expect_done(test, done, row, what):
    test.assertEqual(done.returncode, 0, f"{row.words}, {what}: {done.stdout[-500:]}{done.stderr[-1500:]}")


def brings_data(text):
    return bool(DATA.match(text))


def hour():
    return time.strftime("%H")


def places(count):
    """The first, one in the middle, the last."""
    return sorted({1, (count + 1) // 2, count}) if count else []


def fill(world, row):
    world.fill()
    if row.before:
        world.must(*row.before.split())


def settled(world, row):
    for _ in range(2 if row.settle else 0):  # aggregates first come to where the next run takes them from
        world.must(*row.settle.split(), **dict(row.variables))
    return world.state()


def words(world, row):
    return [*row.words.split(), *(["--from", str(world.undo_files()[0])] if row.before else [])]


class Disturbed(unittest.TestCase):
    maxDiff = 2000
    known = {}

    @classmethod
    def setUpClass(cls):
        cls.databases = Databases(BINARY)
        cls.addClassCleanup(cls.databases.stop)

    def begin(self, row):
        if row not in self.known or self.known[row].made_at != hour():  # some work goes by the hour
            world = self.known[row].world if row in self.known else self.databases.world(row.name, row.fixture)
            self.known[row] = Undisturbed(self, row, world)
        self.row, self.world, self.undisturbed = row, self.known[row].world, self.known[row]
        return self.undisturbed

    def run_it(self, uri=None, **variables):
        return self.world.run(words(self.world, self.row), uri, **dict(self.row.variables), **variables)

    def expect_same_after_rerun(self, what):
        self.rerun(what)
        found = settled(self.world, self.row)
        wrong = [differences(found, wanted) for wanted in self.undisturbed.wanted]
        self.assertIn([], wrong, f"{self.row.words}, {what}")
        if "--undo-to" in self.row.words:
            self.expect_brought_back(what)

    def rerun(self, what):
        # The server may not know yet that the run before has gone.
        done = self.world.run([*words(self.world, self.row), "--wait=60s"], None, **dict(self.row.variables))
        if done.returncode == DUE and self.row.then:
            done = self.world.run(self.row.then.split(), **dict(self.row.variables))
        self.assertIn(done.returncode, {0, *self.row.again}, f"{self.row.words}, rerun after {what}: {done.stdout[-500:]}{done.stderr[-1500:]}")

    def expect_brought_back(self, what):
        for file in self.world.undo_files():
            expect_done(self, self.world.run(["is-db", "restore", "--from", str(file)]), self.row, f"restore after {what}")
        self.assertEqual(differences(self.world.state(), self.undisturbed.initial), [], f"brought back after {what}")

    def disturb(self, proxy, what):
        fill(self.world, self.row)
        with proxy:
            done = self.run_it(self.world.uri(proxy.port))
        self.assertGreater(proxy.trouble.done, 0, f"{self.row.words}: {what} did not happen")
        INJECTED[type(proxy.trouble).__name__] += 1
        expect_clear_end(self, done, what)
        self.expect_same_after_rerun(what)
        return done

    def at(self, fault, what):
        return self.disturb(Proxy(self.world.server.port, fault), what)

    def network(self, trouble, what):
        return self.disturb(Network(self.world.server.port, trouble), what)

    def turn(self, choices):
        return self.turn_of(self.row, choices)

    @staticmethod
    def turn_of(row, choices):
        """Of these the one whose turn it is, so that the rows take all of them between them."""
        return choices[ROWS.index(row) % len(choices)]

    def test_stalled(self):
        """These wait for time-outs, so all of them wait at once."""
        with ThreadPoolExecutor(len(MINE)) as pool:
            self.assertEqual([failure for failure in pool.map(lambda row: stalled(row, self.databases), MINE) if failure], [])

    def killed(self):
        for point, count in self.undisturbed.points.items():
            for passing in sorted({1, count}):
                with Kill(TABLE, self, self.row.words.split(" --until")[0], point, passing):
                    fill(self.world, self.row)
                    done = self.run_it(TTI_LW_FAIL_AT=f"{point}:{passing}")
                    self.assertEqual(done.returncode, KILLED, f"{point}:{passing}: {done.stderr[-500:]}")
                    self.expect_same_after_rerun(f"killed at {point}:{passing}")

    def cut(self):
        """On both sides of a write, and where it matters most."""
        place = self.turn(self.undisturbed.places(writes))
        self.at(LostRequest(place, writes), f"write {place} lost")
        for place in self.undisturbed.places(writes)[-1:]:
            self.at(LostReply(place, writes), f"answer to write {place} lost")
        for place in self.undisturbed.places(commits)[-1:]:
            self.at(LostReply(place, commits), f"answer to COMMIT {place} lost")
        middle = len(self.undisturbed.texts) // 2
        self.at(LostReply(middle), f"answer to statement {middle} lost")

    def answered(self):
        place = self.turn(self.undisturbed.places(writes))
        self.at(Answer(self.turn(ERRORS), place, writes), f"write {place} answered with {self.turn(ERRORS)}")
        early = len(self.undisturbed.texts) // 3
        self.at(Answer(self.turn(ERRORS[3:] + ERRORS[:3]), early), f"statement {early} answered with an error")
        self.at(Answer(DISK_FULL, self.turn(self.undisturbed.places(brings_data)), brings_data, lasting=True), "no space left from then on")

    def damaged(self):
        place = self.turn(self.undisturbed.places(writes))
        self.at(self.turn((Garbled, GarbledReply))(place, writes), f"write {place} or its answer garbled")

    def network_in_trouble(self):
        counted = Network(self.world.server.port, Trouble())
        fill(self.world, self.row)
        with counted:
            expect_done(self, self.run_it(self.world.uri(counted.port)), self.row, "through the network")
        direction, passed = self.turn((UP, DOWN)), counted.trouble.passed
        for share in self.turn(((0.1, 0.9), (0.3, 0.8), (0.5, 0.7))):
            self.network(Cut(direction, int(share * passed[direction])), f"cut after {share:.0%} of the bytes {direction}")
        self.network(self.turn((Delay(UP), Slices(DOWN), Delay(DOWN), Slices(UP))), "a slow network")
        nobody = self.turn((Refusal(), Silence(DOWN), Silence(UP), TooMany(1), TooMany(2)))
        there = Proxy if isinstance(nobody, TooMany) else Network
        done = self.disturb(there(self.world.server.port, nobody), "nobody there")
        self.assertEqual(done.returncode, UNREACHABLE, done.stderr)


def stalled(row, databases):
    """The server says no more. There is no end to how long a statement may take; Ctrl-C ends the wait."""
    test = Disturbed()
    test.databases = databases
    try:
        place = test.turn_of(row, test.begin(row).places(writes))
        fill(test.world, row)
        with Proxy(test.world.server.port, Stall(place, writes)) as proxy:
            running = test.world.start(words(test.world, row), test.world.uri(proxy.port), **dict(row.variables))
            while running.poll() is None and not proxy.trouble.done:
                time.sleep(0.05)
            running.send_signal(signal.SIGINT)
            done = ended(running, 60)
        expect_clear_end(test, done, f"{row.words}, write {place} stalled", {INTERRUPTED})
        test.expect_same_after_rerun(f"write {place} stalled")
        INJECTED["Stall"] += 1
    except AssertionError as error:
        return f"{row.words}: {error}"
    return None


def add_tests(kinds):
    for row in MINE:
        for kind in kinds:
            def test(self, row=row, kind=kind):
                self.begin(row)
                getattr(self, kind)()
            setattr(Disturbed, f"test_{row.name}_{kind}", test)


add_tests(("killed", "cut", "answered", "damaged", "network_in_trouble"))

if __name__ == "__main__":
    if GROUP == "Table":
        sys.argv.insert(1, "Table")
    elif len(sys.argv) == 1:
        sys.argv.append("Disturbed")
    unittest.main(verbosity=2)
