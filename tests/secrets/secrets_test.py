"""What every test of this build let be seen holds no secret: secrets_test.py BUILD-FOLDER PROGRAM"""

import json
import sys
import tempfile
import unittest
from collections import Counter
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scenarios"))

import witness  # noqa: E402

BUILD, PROGRAM = Path(sys.argv.pop(1)), Path(sys.argv.pop(1))


def parts(folder, program):
    """Of tests that ran the program as it is now."""
    built = program.stat().st_mtime
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json")) if path.stat().st_mtime >= built]


def table(read):
    rows = [("what was searched", "texts", "bytes", "tests")]
    rows += [(kind, *(str(sum(part[what].get(kind, 0) for part in read)) for what in ("texts", "bytes")),
              str(sum(kind in part["texts"] for part in read))) for kind in witness.KINDS]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join("  ".join(cell.ljust(width) if column == 0 else cell.rjust(width) for column, (cell, width) in enumerate(zip(row, widths)))
                     for row in rows)


class Secrets(unittest.TestCase):
    """After all other tests."""

    maxDiff = 10000

    @classmethod
    def setUpClass(cls):
        cls.parts = parts(BUILD / witness.FOLDER, PROGRAM)
        words = {word for part in cls.parts for word in part["words"]}
        programs = sorted({name for part in cls.parts for name in part["programs"]})
        print(f"{table(cls.parts)}\nsearched for whatever holds \"{witness.MARK}\", and {len(words) - 1} further secrets where each was used; "
              f"{len(cls.parts)} tests, in whose process list were {', '.join(programs)}", flush=True)

    def test_no_secret_is_anywhere(self):
        self.assertEqual([(part["test"], *found) for part in self.parts for found in part["found"]], [])

    def test_something_of_every_kind_was_searched(self):
        self.assertEqual([kind for kind in witness.KINDS if not any(kind in part["texts"] for part in self.parts)], [],
                         "run all tests before this one")

    def test_what_the_program_starts_was_seen_in_the_process_list(self):
        seen = {name for part in self.parts for name in part["programs"]}
        self.assertEqual({"tti-lw-stack", "pg_dump", "pg_restore"} - seen, set(), "run all tests before this one")


class PlantedSecret(unittest.TestCase):
    """That the search finds what is there."""

    def setUp(self):
        self.before, witness.WITNESS = witness.WITNESS, witness.Witness()
        self.addCleanup(setattr, witness, "WITNESS", self.before)
        witness.saw = witness.WITNESS.saw
        self.addCleanup(setattr, witness, "saw", self.before.saw)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def kinds(self):
        return [kind for kind, *_ in witness.WITNESS.found]

    def run_shell(self, script, *words, **environment):
        return witness.run(["/bin/sh", "-c", script, *words], env={"PATH": "/usr/bin:/bin", **environment}, cwd=self.folder, capture_output=True)

    def test_in_every_kind(self):
        for kind in witness.KINDS:
            witness.saw(kind, "here", "a line\nwith the Correct-Hush-Word-7 in it")
        self.assertEqual(self.kinds(), list(witness.KINDS))
        with self.assertRaises(ValueError):
            witness.saw("another", "here", "")

    def test_a_word_that_was_named(self):
        witness.saw("journal", "here", b"the word")
        witness.WITNESS.look_for("the word")
        witness.saw("journal", "here", b"\xff the word")
        self.assertEqual(Counter(self.kinds()), {"journal": 1})

    def test_in_what_is_printed(self):
        self.run_shell("echo $SECRET >&2", SECRET="hush-word")
        self.run_shell("echo $SECRET", "--dry-run", SECRET="hush-word")
        self.run_shell("echo $SECRET", SECRET="hush-word", TTN_LW_LOG_LEVEL="debug")
        self.assertEqual(self.kinds(), ["output", "plan", "log"])

    def test_in_files(self):
        self.run_shell("mkdir -p a/b c; echo $SECRET | tee a/b/x.undo other > c/rows; touch c/manifest.json", SECRET="hush-word")
        self.assertEqual(sorted(self.kinds()), ["archive", "undo file"])
        self.run_shell("true")
        self.assertEqual(len(self.kinds()), 2)

    def test_in_the_process_list(self):
        self.run_shell("sleep 0.2$EMPTY; /bin/sh -c 'sleep 0.5; true' $SECRET; true", SECRET="hush-word")
        self.assertEqual(set(self.kinds()), {"process list"})
        self.assertLessEqual({"sh", "sleep"}, witness.WITNESS.programs)

    def test_what_a_test_gives_as_an_argument_is_not_the_programs(self):
        self.run_shell("sleep 0.2; true", "hush-word")
        (self.folder / "running").touch()
        self.run_shell("(while [ -e running ]; do :; done) & sleep 0.2; rm running", "hush-word")
        self.assertEqual(self.kinds(), [])

    def test_a_part_is_kept_and_read(self):
        program = self.folder / "build/src/program"
        program.parent.mkdir(parents=True)
        for path in (program, self.folder / "build/CMakeCache.txt"):
            path.touch()
        witness.saw("plan", "here", "hush")
        witness.WITNESS.folder = self.folder / "build" / witness.FOLDER
        witness.WITNESS.close()
        read = parts(witness.WITNESS.folder, program)
        self.assertEqual([part["found"] for part in read], [[["plan", "here", "hush"]]])
        self.assertRegex(table(read), r"plan +1 +4 +1\n")


if __name__ == "__main__":
    unittest.main(verbosity=2)
