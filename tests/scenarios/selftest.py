"""Tests of the scenario runner itself: what is right passes, what is wrong fails and says where."""

import fnmatch
import re
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True

import match  # noqa: E402
from parse import ScenarioError, parse_text  # noqa: E402
from place import Place  # noqa: E402
from runner import Runner  # noqa: E402


def run(text):
    """Runs a scenario that needs no server, with a shell script as the binary."""
    with tempfile.TemporaryDirectory() as folder:
        binary = Path(folder) / "binary"
        binary.write_text('#!/bin/sh\nexec "$@"\n', encoding="utf-8")
        binary.chmod(0o755)
        scenario = parse_text("selftest.scenario", "# A trial.\n" + text)
        place = Place(scenario, binary, None)
        try:
            Runner(scenario, place).run()
        finally:
            place.take_down()


class Grammar(unittest.TestCase):
    def assert_error(self, line, part, text):
        with self.assertRaises(ScenarioError) as raised:
            parse_text("x.scenario", text)
        self.assertEqual(raised.exception.line, line)
        self.assertIn(part, str(raised.exception))

    def test_a_scenario_says_what_it_shows(self):
        self.assert_error(1, "comment", "$ true\n")

    def test_an_unknown_line_is_an_error(self):
        self.assert_error(3, "not understood", "# A.\n$ true\nexits 0\n")

    def test_an_expectation_needs_a_command(self):
        self.assert_error(2, "follows no command", "# A.\nexit 0\n")

    def test_a_block_needs_its_line(self):
        self.assert_error(3, "no block", "# A.\n$ true\n| x\n")
        self.assert_error(3, "must follow", "# A.\n$ true\njson:\n")

    def test_needs_and_continued_lines(self):
        scenario = parse_text("x.scenario", "# A.\nneeds: postgres replica\n\n$ echo one\n    two\n")
        self.assertEqual(scenario.needs, ["postgres", "replica"])
        self.assertEqual(scenario.steps[0]["command"], "echo one two")

    def test_expectations_belong_to_the_command_above(self):
        steps = parse_text("x.scenario", "# A.\n$ a\nexit 2\n$ b\nstdout:\n| x\n|\n| y\n").steps
        self.assertEqual([entry.kind for entry in steps[0].expectations], ["exit"])
        self.assertEqual(steps[1].expectations[0].block, ["x", "", "y"])


class Table(unittest.TestCase):
    def test_the_table_of_weak_spots_names_scenarios_that_exist(self):
        folder = Path(__file__).parent
        there = [str(path.relative_to(folder).with_suffix("")) for path in folder.rglob("*.scenario")]
        named = re.findall(r"`([\w*-]+(?:/[\w*-]+)+)`", (folder / "redis-weak-spots.md").read_text(encoding="utf-8"))
        self.assertGreater(len(named), 30)
        self.assertEqual([name for name in named if not fnmatch.filter(there, name)], [])


class Matching(unittest.TestCase):
    def test_wildcards(self):
        self.assertTrue(match.lines_match(["a [..] c", "...", "z"], ["a b.* c", "1", "2", "z"]))
        self.assertTrue(match.lines_match(["...", "z"], ["z"]))
        self.assertFalse(match.lines_match(["a.c"], ["abc"]))
        self.assertFalse(match.lines_match(["a", "..."], ["b", "a"]))
        self.assertFalse(match.lines_match(["a"], ["a", "b"]))
        self.assertFalse(match.lines_match(["a", "b"], ["a"]))

    def test_json_paths(self):
        document = {"outcome": "done", "steps": [{"name": "one", "rows": 3}], "counts": {"end devices": 7}, "none": None}
        for line in ("outcome = done", "steps[0].rows = 3", 'counts["end devices"] = 7', "steps length 1", "none exists",
                     "missing absent", "outcome != failed", "outcome matches ^d", "steps contains one", "none = null"):
            self.assertIsNone(match.json_failure(line, document), line)
        for line in ("outcome = failed", "steps[0].rows = 4", "steps[1].rows = 3", "steps length 2", "missing exists",
                     "outcome absent", "outcome != done", "steps lacks one", "missing != 3"):
            self.assertIsNotNone(match.json_failure(line, document), line)

    def test_the_result_is_the_last_line(self):
        self.assertEqual(match.last_json('{"event": 1}\n{"outcome": "done"}\n'), {"outcome": "done"})
        self.assertRaises(ValueError, match.last_json, "words")


class Running(unittest.TestCase):
    def assert_fails(self, line, part, text):
        with self.assertRaises(ScenarioError) as raised:
            run(text)
        self.assertEqual((raised.exception.line, part in str(raised.exception)), (line, True), str(raised.exception))

    def test_the_binary_stands_in_for_its_name(self):
        run("$ tti-lw-stack echo 'one two'\nstdout:\n| one two\n")

    def test_exit_codes(self):
        run("$ sh -c 'exit 5'\nexit locked\n")
        self.assert_fails(2, "exit code 5 instead of 0", "$ sh -c 'exit 5'\n")
        self.assert_fails(3, "exit code 5 instead of 2", "$ sh -c 'exit 5'\nexit usage\n")
        self.assert_fails(3, "no exit code has the name", "$ true\nexit happy\n")

    def test_output(self):
        self.assert_fails(3, "- wrong\n+ right", "$ echo right\nstdout:\n| wrong\n")
        self.assert_fails(3, "lacks: wrong", "$ echo right\nstdout contains: wrong\n")
        self.assert_fails(3, "contains: right", "$ echo right\nstdout lacks: right\n")
        self.assert_fails(3, "not empty", "$ sh -c 'echo x >&2'\nstderr empty\n")
        self.assert_fails(3, "lacks: b\na", "$ printf 'a\\nb\\n'\nstdout contains:\n| b\n| a\n")
        self.assert_fails(3, 'it is "failed"', "$ echo '{\"outcome\": \"failed\"}'\njson:\n| outcome = done\n")

    def test_environment_is_the_scenario_s_own(self):
        run("env GREETING=hello\n$ sh -c 'echo $GREETING $HOME $TTN_LW_IS_DATABASE_URI'\nstdout:\n| hello ${home}\n")
        run("env GREETING=hello\nunset GREETING\n$ sh -c 'echo $GREETING.'\nstdout:\n| .\n")

    def test_files_and_input(self):
        run("file a/b.yml\n| key: value\n$ cat a/b.yml -\nstdin:\n| typed\nstdout:\n| key: value\n| typed\n")

    def test_captures(self):
        run("$ echo the number 42\nlet number = stdout /number (\\d+)/\n$ echo ${number}\nstdout:\n| 42\n")
        self.assert_fails(2, "no variable", "$ echo ${nothing}\n")

    def test_secrets_are_found(self):
        self.assert_fails(3, "is shown", "secret hush\n$ sh -c 'echo hush >&2'\n")
        run("secret hush\n$ echo hush\nshows secrets\n")

    def test_background(self):
        run("background one $ sh -c 'echo up; sleep 60'\nawait one stdout contains: up\nsignal one KILL\nwait one\nexit killed\n")
        self.assert_fails(0, "never waited for: one", "background one $ sleep 60\n")

    def test_a_time_out(self):
        self.assert_fails(2, "still running after 1 seconds", "$ sleep 60\ntimeout 1s\n")

    def test_terminal(self):
        script = "$ sh -c 'test -t 0 && test -t 2 && read -p \"Name: \" name; echo $name!'\n"
        run("terminal " + script + "answer \"Name: \" with Bob\nscreen contains: Name: Bob\nscreen:\n| Name: Bob\n| Bob!\n")
        self.assert_fails(2, "was never asked", "terminal $ echo no question\nanswer \"Name\" with Bob\n")

    def test_a_closed_port_refuses(self):
        run("$ bash -c 'echo > /dev/tcp/127.0.0.1/${closed_port}'\nexit 1\nstderr contains: refused\n")


if __name__ == "__main__":
    unittest.main()
