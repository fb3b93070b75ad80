"""Each claim of SECURITY.md names the tests that show it, and they exist."""

import re
import sys
import unittest

sys.dont_write_bytecode = True

from repository import ROOT, lines_of, name_of, source_files, tracked_files  # noqa: E402

DOCUMENT = ROOT / "SECURITY.md"
# The program as the first word of a command that the witness (tests/scenarios/witness.py) does not start.
UNSEEN = re.compile(r'subprocess\.\w+\(\s*\[\*?(?:[\w.]+\.)?(?:binary\b|BINARY\b|environ\["TTI_BINARY"\])')
# Where the program makes a file: what is written there is for its owner alone, but for what holds no secret.
MAKES = re.compile(r"\bofstream\b|\bfopen\(|\bcreat\(|\bO_CREAT\b(?:[^,;]*,\s*(S_IRUSR \| S_IWUSR)\))?")
PUBLIC = {"src/cli/documentation_commands.cpp", "src/operation/failure_point.cpp", "src/storage_integration/output.cpp"}
MADE_UP = re.compile(r'^(?:\w*(?:PASSWORD|SECRET)\w*(?:, )?)+ = "(.*)"', re.MULTILINE)


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


def for_all_to_read(text):
    """Whether a file may be made that is not its owner's alone."""
    code = "\n".join(line.split("//")[0] for line in text.splitlines())
    return any(made[1] is None for made in MAKES.finditer(code))


class PrivateFiles(unittest.TestCase):
    def test_files_that_the_program_makes_are_for_their_owner_alone(self):
        found = {name_of(path) for path in source_files() if for_all_to_read(path.read_text(encoding="utf-8"))}
        self.assertEqual(found, PUBLIC)

    def test_one_that_is_not_is_found(self):
        self.assertFalse(for_all_to_read("open(p, O_WRONLY | O_CREAT | O_EXCL,\n    S_IRUSR | S_IWUSR)"))
        for text in ("open(p, O_WRONLY | O_CREAT, 0666)", "open(p, O_CREAT | O_RDWR, S_IRUSR | S_IWUSR | S_IRGRP)", "std::ofstream(p)", "fopen(p)"):
            self.assertTrue(for_all_to_read(text), text)


class Witnessed(unittest.TestCase):
    """So that tests/secrets searches all that tests let be seen."""

    def setUp(self):
        self.tests = {name_of(path): path.read_text(encoding="utf-8") for path in tracked_files()
                      if path.suffix == ".py" and path.is_relative_to(ROOT / "tests")}

    def test_every_test_starts_the_program_before_the_witness(self):
        self.assertEqual([name for name, text in self.tests.items() if UNSEEN.search(text)], [])
        self.assertTrue(UNSEEN.search("subprocess.run(\n [self.world.binary, *words])"))

    def test_every_secret_that_a_test_makes_up_has_the_mark(self):
        secrets = [(name, value) for name, text in self.tests.items() for line in MADE_UP.findall(text) for value in line.split('", "')
                   if not value.startswith(("arn:", "/"))]  # those name a secret
        self.assertGreater(len(secrets), 5)
        self.assertEqual([secret for secret in secrets if "hush" not in secret[1].lower()], [])


if __name__ == "__main__":
    unittest.main()
