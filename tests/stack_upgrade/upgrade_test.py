"""A deployment that is behind everywhere, brought up to date by one command, which is killed and stopped on the way."""

import datetime
import json
import os
import random
import signal
import subprocess
import sys
import time
import unittest
from pathlib import Path

sys.dont_write_bytecode = True

from behind import TENANT, Stack  # noqa: E402  finds what follows
from kill_table import Kill, KillTable  # noqa: E402
from world import KILLED, differences  # noqa: E402

BINARY = Path(sys.argv.pop(1)).resolve()
SEED = int(os.environ.get("TTI_SEED", random.SystemRandom().randrange(10**6)))
INSTANTS = 20
INTERRUPTED, LOCKED = 130, 5
# Inside every database, on both sides of what is written there, and between two databases.
POINTS = (("before step", 1), ("inside migration", 1), ("safe point", 1), ("last invalidations", 1), ("convert: members", 1),
          ("migrate devices: version", 1), ("as-db migrate batch written", 1), ("js-db migrate batch written", 1), ("version written", 1),
          ("inside policy", 2), ("upgrade: after database", 2), ("upgrade: after database", 8))
TABLE = KillTable("upgrade")


def tearDownModule():  # pylint: disable=invalid-name
    TABLE.close()


class StackTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = Stack(BINARY, size=20)
        cls.addClassCleanup(cls.stack.stop)

    def upgrade(self, *words, **variables):
        return self.stack.run(["upgrade", "--yes", "--wait=30s", *words], **variables)

    def expect_done(self, done, what):
        self.assertEqual(done.returncode, 0, f"{what}: {done.stdout[-500:]}{done.stderr[-1500:]}")

    def expect_same_end(self, what):
        """After the same command ran again, everything is as an undisturbed run leaves it."""
        self.stack.forget_lock()
        self.expect_done(self.upgrade(), f"rerun after {what}")
        self.assertEqual(differences(self.stack.everything(), self.wanted), [], what)


class Undisturbed(StackTest):
    def setUp(self):
        self.stack.reset()

    def due(self):
        plan = self.stack.run(["upgrade", "--dry-run", "--output=json"])
        self.expect_done(plan, "dry run")
        return json.loads(plan.stdout)

    def test_every_database_is_behind_and_then_none(self):
        before = self.due()
        self.assertEqual({step["database"] for step in before["steps"]},
                         {"is-db", "dcs-db", "ns-db", "as-db", "js-db", "storage-db", "noc-db"})
        self.assertEqual({step["database"] for step in before["steps"] if step["tenant"] == TENANT}, {"is-db", "ns-db", "as-db", "js-db"})
        self.expect_done(self.upgrade(f"--plan-hash={before['hash']}"), "upgrade")
        self.assertEqual(self.due()["steps"], [])
        for group in ("is-db", "dcs-db", "ns-db", "as-db", "js-db", "storage-db", "noc-db"):
            self.expect_done(self.stack.run([group, "status"]), group)
        self.expect_done(self.stack.run(["is-db", "verify"]), "drift")

    def test_one_upgrade_does_what_the_commands_do_one_by_one(self):
        wanted = self.stack.undisturbed()
        self.stack.reset()
        for group in ("noc-db", "storage-db", "js-db", "as-db", "ns-db", "dcs-db", "is-db"):
            self.stack.must_run(group, "migrate", "--yes")
        for group in ("ns-db", "as-db", "js-db"):
            self.stack.must_run(group, "migrate", "--yes", f"--tenant-id={TENANT}")
        self.assertEqual(differences(self.stack.everything(), wanted), [])

    def test_a_dry_run_changes_nothing(self):
        before = self.stack.as_it_lies()
        self.due()
        self.assertEqual(self.stack.as_it_lies(), before)


class Killed(StackTest):
    def setUp(self):
        self.wanted = self.stack.undisturbed()

    def test_at_random_instants(self):
        print(f"\nTTI_SEED={SEED}")
        choice = random.Random(SEED)
        self.stack.reset()
        began = time.monotonic()
        self.expect_done(self.upgrade(), "measured")
        lasts = time.monotonic() - began
        killed = 0
        for number in range(5 * INSTANTS):
            if killed == INSTANTS:
                break
            instant = choice.uniform(0, lasts)
            self.stack.reset()
            if self.killed_after(instant):
                killed += 1
                self.expect_same_end(f"a kill after {instant:.3f} s, number {number} of seed {SEED}")
        self.assertEqual(killed, INSTANTS, f"seed {SEED}")

    def test_again_and_again_until_it_is_done(self):
        """Each run is given a little time; none starts anew."""
        choice = random.Random(SEED)
        self.stack.reset()
        kills = 0
        while self.killed_after(choice.uniform(0.2, 0.5) * (1 + kills / 10)):
            kills += 1
            self.stack.forget_lock()
        self.expect_same_end(f"{kills} kills in a row, seed {SEED}")

    def killed_after(self, seconds):
        popen = self.stack.start(["upgrade", "--yes", "--wait=30s"])
        try:
            popen.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            popen.kill()
        popen.communicate()
        if popen.returncode != KILLED:
            self.assertEqual(popen.returncode, 0)
        return popen.returncode == KILLED

    def test_at_failure_points(self):
        for point, passing in POINTS:
            with Kill(TABLE, self, "upgrade", point, passing):
                self.stack.reset()
                done = self.upgrade(TTI_LW_FAIL_AT=f"{point}:{passing}")
                self.assertEqual(done.returncode, KILLED, f"{point} is not passed: {done.stderr[-500:]}")
                self.expect_same_end(point)


class Stopped(StackTest):
    def setUp(self):
        self.wanted = self.stack.undisturbed()
        self.stack.reset()

    def wait_for(self, popen, *texts):
        for line in popen.stderr:
            if all(text in line for text in texts):
                return
        self.fail(f"{texts} was never said")

    def test_by_control_c(self):
        popen = self.stack.start(["upgrade", "--yes"], TTI_LW_PAUSE_AT="migrate devices: before")
        self.wait_for(popen, "Step done", "ns:application-uplinks 1")
        popen.send_signal(signal.SIGINT)
        out, err = popen.communicate(timeout=60)
        self.assertEqual(popen.returncode, INTERRUPTED, err)
        self.assertEqual(out, "")
        self.assertIn("done: is-db, dcs-db; not done: ns-db (2 name spaces), as-db (2 name spaces), js-db (2 name spaces), storage-db, noc-db", err)
        self.assertIn("hint: To continue: tti-lw-stack upgrade --yes\n", err)
        self.expect_same_end("Ctrl-C")

    def test_when_the_time_comes(self):
        """It comes while the program sleeps for three seconds in the middle of the work."""
        until = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=2.9)
        popen = self.stack.start(["upgrade", "--yes", f"--until={until.isoformat()}"], TTI_LW_PAUSE_AT="before step:18")
        out, err = popen.communicate(timeout=60)
        self.assertEqual(popen.returncode, INTERRUPTED, err)
        self.assertRegex(err, r"error: stopped at a safe point, for it is .*\d\d:\d\d:\d\d \+0000; done: .*; not done: .*noc-db")
        self.expect_same_end("--until")

    def test_by_a_second_one_that_finds_it_locked(self):
        popen = self.stack.start(["upgrade", "--yes"], TTI_LW_PAUSE_AT="before step")
        self.wait_for(popen, "Plan")
        second = self.stack.run(["upgrade", "--yes"])
        self.assertEqual(second.returncode, LOCKED, second.stderr)
        self.assertIn("done: nothing; not done: is-db", second.stderr)
        popen.communicate(timeout=60)
        self.assertEqual(popen.returncode, 0)
        self.assertEqual(differences(self.stack.everything(), self.wanted), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
