"""Eight runs of every pair of commands at the same time, four of each, beside a model of the running stack that writes.

None ends with another error than "locked" that a run alone would not end with, and what is there is what some order of the runs leaves.

pairs_test.py BINARY GROUP [Pairs…]; TTI_PAIRS_SECONDS is how long to go on (the order follows TTI_SEED), "all" is to the end."""

import os
import random
import sys
import time
import unittest
from itertools import combinations_with_replacement
from pathlib import Path

sys.dont_write_bytecode = True

from normal_form import differences  # noqa: E402
from pair_worlds import PostgresPairs, RedisPairs  # noqa: E402
from postgres_rows import ROWS as POSTGRES_ROWS  # noqa: E402
from rows import ROWS as REDIS_ROWS  # noqa: E402

BINARY = Path(sys.argv.pop(1)).resolve()
GROUP = sys.argv.pop(1)
SECONDS = os.environ.get("TTI_PAIRS_SECONDS", "8")
SEED = int(os.environ.get("TTI_SEED", "1"))
LOCKED, EACH = 5, 4
LEAST = 3  # pairs, however slow the machine is
# One after the other: taking turns, and one of them alone as often as it runs, since the other may have been locked out. A command
# that adds something with each run may have done so each time.
ORDERS = [(0, 1) * EACH, (1, 0) * EACH, (0,) * EACH + (1,), (1,) * EACH + (0,)]


def rows():
    if GROUP.removesuffix("-db") in ("is", "storage", "noc"):
        return [row for row in POSTGRES_ROWS if row.words.startswith(GROUP)]
    before = [row for row in REDIS_ROWS if row.before.startswith(GROUP)]
    return [row for row in REDIS_ROWS if row.words.startswith(GROUP)] + before


class Pairs(unittest.TestCase):
    maxDiff = 4000

    @classmethod
    def setUpClass(cls):
        cls.world = (PostgresPairs if rows()[0] in POSTGRES_ROWS else RedisPairs)(BINARY, GROUP)
        cls.addClassCleanup(cls.world.stop)

    def test_every_pair(self):
        pairs = list(combinations_with_replacement(rows(), 2))
        random.Random(SEED).shuffle(pairs)
        began, done = time.monotonic(), 0
        for first, second in pairs:
            if SECONDS != "all" and done >= LEAST and time.monotonic() - began > float(SECONDS):
                break
            with self.subTest(first=first.words, second=second.words):
                self.pair(first, second)
            done += 1
        print(f"{GROUP}: {done} of {len(pairs)} pairs, {2 * EACH} runs of each, in {time.monotonic() - began:.1f} s; TTI_SEED={SEED}", flush=True)

    def pair(self, first, second):
        """On what one of them works on."""
        rows_of_pair = (first, second)
        fixture_of = self.fixture_of(first, second)
        self.world.fill(fixture_of, rows_of_pair)
        words = [self.world.words(row) for row in rows_of_pair]
        with self.world.model():
            running = [self.world.start(words[number % 2], rows_of_pair[number % 2]) for number in range(2 * EACH)]
            ended = [(number % 2, *self.world.ended(process)) for number, process in enumerate(running)]
        self.assertTrue(any(code == 0 for _, code, _ in ended), ended)
        self.world.check_model(self)
        found = self.world.state()
        surprising = {(which, code): told for which, code, told in ended if code not in (0, LOCKED)}
        self.check(found, surprising, fixture_of, rows_of_pair)

    @staticmethod
    def fixture_of(first, second):
        """A file to restore from is made on its own; else the two take turns by their names."""
        if bool(first.before) != bool(second.before):
            return first if first.before else second
        return min(first, second, key=lambda row: (len(row.words) + len(first.words + second.words)) % 7)

    def check(self, found, surprising, fixture_of, rows_of_pair):
        """Against the two one after the other, as far as is needed."""
        wrong, ends = [], set()
        for order in ORDERS:
            self.world.fill(fixture_of, rows_of_pair)
            words = [self.world.words(row) for row in rows_of_pair]
            for which in order:
                ends.add((which, self.world.ended(self.world.start(words[which], rows_of_pair[which]))[0]))
                wrong.append(differences(found, self.world.state()))
                if wrong[-1] == [] and not surprising.keys() - ends:
                    return
        self.assertIn([], wrong)
        self.assertEqual({end: told for end, told in surprising.items() if end not in ends}, {})


if __name__ == "__main__":
    unittest.main(verbosity=2)
