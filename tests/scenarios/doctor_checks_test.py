"""The table of doctor's checks against the program and the scenarios: doctor_checks_test.py BINARY"""

import json
import re
import sys
import unittest
from pathlib import Path

import witness

HERE = Path(__file__).resolve().parent
BINARY = sys.argv.pop(1)
TABLE = (HERE / "doctor-checks.md").read_text(encoding="utf-8")
ROW = re.compile(r"\| `([\w-]+)` \| (.+) \|")
# A command that looks, whether something is found, and all that is below it until the next command.
LOOK = re.compile(r"^\$ tti-lw-stack doctor(.*)\n((?:(?!\$ ).*\n?)*)", re.MULTILINE)


def shown_by(table):
    """Check -> the scenarios and tests that its row names."""
    return {check: re.findall(r"`([\w./-]+)`", shown) for check, shown in ROW.findall(table)}


def path_of(name):
    return HERE.parents[1] / name if name.startswith("tests/") else HERE / f"{name}.scenario"


def in_turn(text, check):
    """Whether this check finds something there and later nothing, by a command that looks at it alone or with others."""
    looks = [("exit due" in below or re.search(r"[1-9]\d* (error|warning|note)", below) is not None)
             for options, below in LOOK.findall(text) if re.search(rf"--only[ =]\S*\b{check}\b(?!-)", options)]
    return True in looks and False in looks[looks.index(True):]


def names(text, check):
    """Tests name the check that they look at, and that nothing is found in the end."""
    return f'"{check}' in text or f",{check}" in text


def wrong(table, checks):
    rows = shown_by(table)
    yield from (f"{check} has no row" for check in checks if check not in rows)
    yield from (f"{check} is no check" for check in rows if check not in checks)
    for check, named in rows.items():
        yield from (f"{check}: there is no {name}" for name in named if not path_of(name).is_file())
        there = [path_of(name) for name in named if path_of(name).is_file()]
        for path in there:
            text = path.read_text(encoding="utf-8")
            if not (in_turn(text, check) if path.suffix == ".scenario" else names(text, check)):
                yield f"{check} is not provoked and mended by {path.name}"
        if not there:
            yield f"{check} is shown by nothing"


class Checks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        told = witness.run([BINARY, "doctor", "--list", "--output", "json"], capture_output=True, check=True).stdout
        cls.checks = [check["check"] for check in json.loads(told)["checks"]]

    def test_each_is_provoked_and_mended_by_what_is_named(self):
        self.assertGreaterEqual(len(self.checks), 28)
        self.assertEqual(list(wrong(TABLE, self.checks)), [])

    def test_what_is_missing_is_told(self):
        without_a_row = re.sub(r"\| `redis-clock`.*\n", "", TABLE)
        self.assertEqual(list(wrong(without_a_row, self.checks)), ["redis-clock has no row"])
        self.assertEqual(list(wrong(TABLE, [check for check in self.checks if check != "admins"])), ["admins is no check"])
        self.assertEqual(list(wrong(TABLE.replace("`doctor/admins`", "`doctor/nobody`"), self.checks)),
                         ["admins: there is no doctor/nobody", "admins is shown by nothing"])
        self.assertEqual(list(wrong(TABLE.replace("`doctor/admins`", "`doctor/clocks`"), self.checks)),
                         ["admins is not provoked and mended by clocks.scenario"])
        self.assertEqual(list(wrong(TABLE.replace("`doctor/admins`", "`doctor/without-rights`"), self.checks)),
                         ["admins is not provoked and mended by without-rights.scenario"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
