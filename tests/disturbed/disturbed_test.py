"""Every command that writes to Redis, killed at every failure point and cut off in the middle: a rerun ends as an undisturbed run."""

import functools
import re
import sys
import unittest
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.dont_write_bytecode = True

import world  # noqa: E402
from clear_end import expect_clear_end  # noqa: E402
from kill_table import Kill, KillTable  # noqa: E402
from proxy import SCRIPTS, Answer, Fault, LostReply, LostRequest, Proxy, Stall, is_own  # noqa: E402
from rows import KNOWN, ROWS  # noqa: E402
from world import KILLED, World, differences, encoded, without_ids  # noqa: E402
import witness  # noqa: E402

BINARY = Path(sys.argv.pop(1)).resolve()
MAY_END_IN = {0, 4, 6}  # done, unreachable, refused
ERRORS = ("LOADING Redis is loading the dataset in memory", "OOM command not allowed when used memory > 'maxmemory'.",
          "READONLY You can't write against a read only replica.", "BUSY Redis is busy running a script.",
          "NOPERM this user has no permissions to run the command", "MISCONF Redis is configured to save RDB snapshots")

TABLE = KillTable("redis")


def tearDownModule():  # pylint: disable=invalid-name
    TABLE.close()


@functools.cache
def fixture(row, size):
    return encoded(row.fixture(size))


class Table(unittest.TestCase):
    def test_every_writing_command_has_a_row(self):
        here = {" ".join(word for word in row.words.split() if not word.startswith("-")) for row in ROWS}
        self.assertEqual(self.writing_commands(), here)

    def writing_commands(self):
        """Those of the reference that have --dry-run, of the groups that work on Redis."""
        reference = witness.run([BINARY, "reference", "commands"], capture_output=True, text=True, check=True).stdout
        sections = re.findall(r"^## tti-lw-stack ((?:ns|as|js|dcs)-db \w+|restore)$(.*?)(?=^## |\Z)", reference, re.MULTILINE | re.DOTALL)
        return {command for command, text in sections if "--dry-run" in text}


class Disturbed(unittest.TestCase):
    """A world for each row, and what an undisturbed run leaves in it."""

    postgres = None
    size = 40

    @classmethod
    def setUpClass(cls):
        cls.postgres, sql = world.start_identity_server(KNOWN)
        cls.addClassCleanup(cls.postgres.stop)
        made = World(BINARY, cls.postgres)
        try:
            made.run(["is-db", "migrate"])
        finally:
            made.stop()
        cls.postgres.psql("stack", sql)

    def begin(self, row):
        self.row = row
        self.world = World(BINARY, self.postgres if row.identity else None)
        self.addCleanup(self.world.stop)
        self.fixture = fixture(row, self.size)
        self.fill()
        self.initial = self.world.state() if row.undo else None
        self.expect_done(self.world.run(self.words()), "undisturbed")
        self.wanted = self.world.state()

    def words(self):
        words = self.row.words.split()
        if self.row.undo:
            words += ["--undo-to", str(self.world.undo)]
        if self.row.before:
            words.insert(1, str(self.world.undo_files()[0]))
        return words

    def fill(self):
        self.world.fill(self.fixture)
        if self.row.before:
            self.expect_done(self.world.run([*self.row.before.split(), "--undo-to", str(self.world.undo)]), "the command before")

    def expect_done(self, done, what):
        self.assertEqual(done.returncode, 0, f"{what}: {done.stdout[-500:]}{done.stderr[-1500:]}")

    def expect_same_after_rerun(self, what):
        self.world.forget_lock()
        self.expect_done(self.world.run(self.words()), f"rerun after {what}")
        self.assertEqual(differences(self.world.state(), self.wanted), [], what)
        if self.row.undo:
            self.expect_brought_back(what)

    def expect_brought_back(self, what):
        for file in self.world.undo_files():
            self.expect_done(self.world.run(["restore", str(file)]), f"restore after {what}")
        self.assertEqual(differences(without_ids(self.world.state()), without_ids(self.initial)), [], f"brought back after {what}")

    def through_proxy(self, fault):
        path = self.world.folder / "proxy.sock"
        path.unlink(missing_ok=True)
        with Proxy(self.world.redis.socket, path, fault):
            return self.world.run(self.words(), address=path)

    def writes(self):
        """Whether a command writes to what is the stack's."""
        writing = {entry[0].upper() for entry in self.world.redis.client("COMMAND") if b"write" in entry[2]} | SCRIPTS
        return lambda words: words[0].upper() in writing and not is_own(words)

    def count(self, counts):
        counter = Fault(0, counts)
        self.fill()
        self.expect_done(self.through_proxy(counter), "through the proxy")
        return counter.seen

    def disturb(self, fault, what):
        self.fill()
        done = self.through_proxy(fault)
        self.assertGreater(fault.done, 0, f"{what} did not happen")
        expect_clear_end(self, done, what, MAY_END_IN)
        self.expect_same_after_rerun(what)


class Killed(Disturbed):
    size = 300  # several batches of everything

    def disturbed(self, row):
        for point, count in self.passed().items():
            for passing in places(count):
                with Kill(TABLE, self, row.words, point, passing) as kill:
                    kill.happened = self.is_killed(point, passing)
                    # Batches follow the server's order of keys, which is another in each run.
                    self.assertTrue(kill.happened or passing == count > 1, f"{row.words} does not pass {point}:{passing}")
                    self.expect_same_after_rerun(f"{point}:{passing}")

    def passed(self):
        """How often each failure point is."""
        file = self.world.folder / "passed"
        self.fill()
        self.expect_done(self.world.run(self.words(), TTI_LW_LIST_POINTS=file), "with its points listed")
        return Counter(file.read_text(encoding="utf-8").splitlines())

    def is_killed(self, point, passing):
        self.fill()
        done = self.world.run(self.words(), TTI_LW_FAIL_AT=f"{point}:{passing}")
        if done.returncode != KILLED:
            self.expect_done(done, f"{point}:{passing}, which is not passed")
        return done.returncode == KILLED


def places(count):
    """The first, one in the middle, the last."""
    return sorted({1, (count + 1) // 2, count})


class Cut(Disturbed):
    def disturbed(self, row):
        writes = self.writes()
        for place in places(self.count(writes)):
            self.disturb(LostRequest(place, writes), f"write {place} lost")
            self.disturb(LostReply(place, writes), f"reply to write {place} lost")
        if row.words == "ns-db migrate":
            # A page of keys that was half done is begun again, and its pending sets are elsewhere by then.
            for place in range(2, self.count(writes), max(1, self.count(writes) // 12)):
                self.disturb(LostReply(place, writes), f"reply to write {place} lost")
        middle = self.count(lambda words: True) // 2
        self.disturb(LostReply(middle), f"reply to command {middle} lost")


class Answered(Disturbed):
    def disturbed(self, row):
        writes = self.writes()
        count = self.count(writes)
        for number, error in enumerate(ERRORS):
            place = places(count)[number % len(places(count))]
            self.disturb(Answer(error, place, writes), f"write {place} answered with {error}")
        self.disturb(Answer(ERRORS[1], places(count)[-1], writes, lasting=True), "memory used up from the middle on")


class Stalled(Disturbed):
    """These wait for time-outs, so all of them wait at once."""

    def test_all_at_once(self):
        waits = [(row, stall) for row in ROWS] + [(ROWS[0], wait_for_lock)]
        with ThreadPoolExecutor(len(waits)) as pool:
            failures = pool.map(lambda wait: self.one(*wait), waits)
            self.assertEqual([failure for failure in failures if failure], [])

    def one(self, row, wait):
        test = Disturbed()
        test.postgres = self.postgres
        try:
            test.begin(row)
            wait(test)
        except AssertionError as error:
            return f"{row.words}: {error}"
        finally:
            test.doCleanups()
        return None


def stall(test):
    writes = test.writes()
    test.disturb(Stall(places(test.count(writes))[-1], writes), "a stall")


def wait_for_lock(test):
    """Of a run that was killed: nothing is done about it here."""
    test.fill()
    test.assertEqual(test.world.run(test.words(), TTI_LW_FAIL_AT="before step").returncode, KILLED)
    test.expect_done(test.world.run(test.words()), "rerun that waits")
    test.assertEqual(differences(test.world.state(), test.wanted), [])


def add_tests(case):
    for row in ROWS:
        def test(self, row=row):
            self.begin(row)
            self.disturbed(row)
        setattr(case, f"test_{row.name}", test)


for case in (Killed, Cut, Answered):
    add_tests(case)

if __name__ == "__main__":
    unittest.main(verbosity=2)
