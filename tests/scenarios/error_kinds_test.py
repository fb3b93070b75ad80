"""The table of kinds of errors against the program, its sources and the scenarios: error_kinds_test.py BINARY"""

import re
import sys
import unittest
from dataclasses import dataclass
from pathlib import Path

import witness
from parse import parse

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BINARY = sys.argv.pop(1)
TABLE = (HERE / "error-kinds.md").read_text(encoding="utf-8")
ROW = re.compile(r"\| ([^|]+) \| ([\w-]+) \| `([\w:]+)` \| (.+) \|")
CLASS = re.compile(r"^(?:struct|class) (\w+) (?:final )?: (?:public )?(\w+) \{", re.MULTILINE)
GOES_ON = {"partly-failed", "interrupted"}


@dataclass(frozen=True)
class Row:
    exit_code: str
    thrown: str
    shown_by: list


def rows(table):
    return [Row(code, thrown, re.findall(r"`([\w./-]+)`", shown)) for _, code, thrown, shown in ROW.findall(table)]


def classes():
    """Those of util/error.hpp, and what is derived from them in the rooms. What is derived from that again is told in the same way."""
    own = {name for name, base in derived("src/util/error.hpp") if base == "Error"}
    yield from own
    for path in ROOT.glob("src/*/*.hpp"):
        if path.parent.name != "util":
            yield from (f"{path.parent.name}::{name}" for name, base in derived(path) if base in own | {"Error"})


def derived(path):
    return CLASS.findall((ROOT / path).read_text(encoding="utf-8"))


def shows(path, code):
    """Whether a command in this scenario ends with that code, tells an error and a hint, and changes nothing or goes on afterwards."""
    steps = parse(path).steps
    for place, step in enumerate(steps):
        exits = [entry["code"] for entry in step.all("exit")]
        told = [line for entry in step.expectations if entry.kind in ("contains", "whole") for line in entry.block or []]
        if exits == [code] and any(line.startswith("error: ") for line in told) and any(line.startswith("hint: ") for line in told):
            later = any("command" in step.fields for step in steps[place + 1:])
            if step.all("unchanged") or (code in GOES_ON and later):
                return True
    return False


def wrong(table, codes, thrown):
    listed = rows(table)
    yield from (f"exit code {code} has no row" for code in codes if code not in [row.exit_code for row in listed])
    yield from (f"{row.exit_code} is no exit code" for row in listed if row.exit_code not in codes)
    yield from (f"{name} has no row" for name in thrown if name not in [row.thrown for row in listed])
    yield from (f"{row.thrown} is not thrown" for row in listed if row.thrown not in [*thrown, "Error"])
    for row in listed:
        if not row.shown_by:
            yield f"{row.exit_code} is shown by nothing"
        # Among several one shows the whole.
        scenarios = [HERE / f"{name}.scenario" for name in row.shown_by if not name.startswith("tests/")]
        yield from (f"there is no {path.stem}" for path in scenarios if not path.is_file())
        if scenarios and not any(shows(path, row.exit_code) for path in scenarios if path.is_file()):
            yield f"{row.thrown} with {row.exit_code} is not shown by {', '.join(path.stem for path in scenarios)}"
        for name in row.shown_by:
            if name.startswith("tests/") and not names(ROOT / name, row):
                yield f"{row.thrown} is not in {name}"


def names(path, row):
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    return row.thrown.split("::")[-1] in text if row.thrown != "Error" else row.exit_code.replace("-", " ") in text


class ErrorKinds(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        page = witness.run([BINARY, "reference", "exit-codes"], capture_output=True, text=True, check=True).stdout
        cls.codes = [name for name in re.findall(r"^\| \d+ \| ([\w-]+) \|", page, re.MULTILINE) if name != "done"]
        cls.classes = sorted(classes())

    def test_each_is_shown(self):
        self.assertGreaterEqual(len(self.codes), 10)
        self.assertGreaterEqual(len(self.classes), 14)
        self.assertEqual(list(wrong(TABLE, self.codes, self.classes)), [])

    def test_what_is_missing_is_told(self):
        def told(table, codes=self.codes, thrown=self.classes):
            return list(wrong(table, codes, thrown))
        self.assertEqual(told(re.sub(r"\| something has to.*\n", "", TABLE)), ["exit code due has no row", "DueError has no row"])
        self.assertEqual(told(TABLE, [code for code in self.codes if code != "locked"]), ["locked is no exit code"])
        self.assertEqual(told(TABLE, thrown=[*self.classes, "redis::OtherError"]), ["redis::OtherError has no row"])
        self.assertEqual(told(TABLE.replace("`errors/due`", "`errors/nobody`")),
                         ["there is no nobody", "DueError with due is not shown by nobody"])
        self.assertEqual(told(TABLE.replace("`errors/due`", "`errors/refused`")), ["DueError with due is not shown by refused"])
        self.assertEqual(told(TABLE.replace("`errors/due`", "`is-db/migrate/due`")), ["there is no due", "DueError with due is not shown by due"])
        self.assertEqual(told(TABLE.replace("tests/grpc/client_grpctest.cpp", "tests/redis/error_test.cpp")),
                         ["grpc::StatusError is not in tests/redis/error_test.cpp"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
