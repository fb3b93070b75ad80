"""Each claim of SECURITY.md names the tests that show it, and they exist."""

import re
import sys
import unittest

sys.dont_write_bytecode = True

from repository import ROOT, lines_of  # noqa: E402

DOCUMENT = ROOT / "SECURITY.md"


def claims():
    """(claim, what shows it) of each row of a table."""
    for line in lines_of(DOCUMENT):
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if line.startswith("| ") and cells[0] != "what holds":
            yield cells[0], cells[1]


def references(shown_by):
    """(file, test in it or None) of each."""
    for part in shown_by.split(";"):
        found = re.fullmatch(r"`(tests/[\w./-]+)`(?: (.+))?", part.strip())
        if not found:
            yield part, None
            continue
        for name in (found[2] or "").split(", "):
            yield found[1], name or None


def is_there(file, name):
    path = ROOT / file
    if not path.is_file() or (name is None) != (path.suffix == ".scenario"):
        return False
    if name is None:
        return True
    suite, _, test = name.rpartition(".")
    pattern = rf"TEST(?:_F|_P)?\({suite}, {test}\)" if suite else rf"def {test}\("
    return re.search(pattern, path.read_text(encoding="utf-8")) is not None


class Security(unittest.TestCase):
    def test_every_claim_is_shown(self):
        self.assertGreater(len(list(claims())), 20)
        wrong = [f"{claim}: {file} {name}" for claim, shown_by in claims() for file, name in references(shown_by)
                 if not is_there(file, name)]
        self.assertEqual(wrong, [])

    def test_what_is_not_there_is_found(self):
        self.assertTrue(is_there("tests/util/secret_test.cpp", "Secret.CannotBePrintedByMistake"))
        self.assertFalse(is_there("tests/util/secret_test.cpp", "Secret.IsNoTest"))
        self.assertFalse(is_there("tests/util/secret_test.cpp", None))
        self.assertFalse(is_there("tests/scenarios/none.scenario", None))


if __name__ == "__main__":
    unittest.main()
