"""What docs/build makes of a page: which steps it has, what is replaced, what is left out."""

import sys
import unittest
from pathlib import Path
from types import SimpleNamespace

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "docs"))

import page  # noqa: E402
import reader  # noqa: E402
import shown  # noqa: E402
from process import left_on  # noqa: E402

TEXT = """# A page

Words that are no steps: $ tti-lw-stack nothing

```scenario hidden
needs: postgres
env NAME=secret
```

```scenario
$ tti-lw-stack status
exit 3
file a.yml
| b: c
```

End.
""".splitlines()


def read(lines):
    blocks = page.find_blocks(lines)
    scenario = page.parse_text("page.md", "\n".join(page.steps_alone(lines, blocks)))
    return page.Page(Path("page.md"), lines, blocks, scenario)


class Pages(unittest.TestCase):
    def test_steps_are_those_of_the_blocks_with_the_lines_of_the_page(self):
        made = read(TEXT)
        self.assertEqual(made.scenario.title, "A page")
        self.assertEqual(made.scenario.needs, ["postgres"])
        self.assertEqual([(step.kind, step.line) for step in made.scenario.steps], [("env", 7), ("command", 11), ("file", 13)])
        self.assertEqual([block.hidden for block in made.blocks], [True, False])
        self.assertEqual([step.kind for step in made.steps_of(made.blocks[1])], ["command", "file"])

    def test_what_is_no_step_is_an_error_with_its_line(self):
        for wrong, line in (("```scenario\nnonsense\n```", 2), ("```scenario hiden\n```", 2), ("```scenario\n$ x", 2)):
            with self.assertRaises(page.ScenarioError) as raised:
                read(["# A page", *wrong.splitlines()])
            self.assertIn(raised.exception.line, (line, line + 1), wrong)

    def test_outputs_stand_below_their_commands_and_hidden_steps_nowhere(self):
        made = read(TEXT)
        place = SimpleNamespace(folder="/f", root="/r", variables={"home": "/r/home"}, database=None, redis=None, binary="/b/x")
        seen = SimpleNamespace(place=place, seen={11: reader.Seen("in /f/a\n\nall\n", 3)}, text=lambda text: text)
        lines = reader.rendered(made, seen).splitlines()
        begin = lines.index("```console")
        self.assertEqual(lines[begin:begin + 6],
                         ["```console", "$ tti-lw-stack status", "in ‹folder›/a", "", "all", "(exit code 3: due)"])
        self.assertIn("File `a.yml`:", lines)
        self.assertNotIn("secret", "".join(lines))
        self.assertEqual(lines[-1], "End.")


class Followed(unittest.TestCase):
    """Real commands, without servers."""

    def follow(self, block):
        return reader.follow(read(["# A page", "", "```scenario", *block.splitlines(), "```", "Words."]), "/bin/true", None)

    def test_what_is_shown_is_what_stood_on_the_terminal(self):
        text = self.follow("file a.txt\n| hello\n$ sh -c 'cat a.txt; test -t 1 && echo; pwd; exit 3'\nexit 3")
        self.assertEqual(text.splitlines(), [
            "# A page", "", "File `a.txt`:", "", "```text", "hello", "```", "", "```console",
            "$ sh -c 'cat a.txt; test -t 1 && echo; pwd; exit 3'", "hello", "", "‹folder›", "(exit code 3: due)", "```", "", "Words."])

    def test_a_page_that_does_not_hold_is_an_error_with_its_line(self):
        for wrong in ("$ true\n$ sh -c 'exit 3'", "$ true\n$ true\nexit 3", "$ true\n$ echo a\nscreen contains: b",
                      "secret hush\n$ echo hush"):
            with self.assertRaises(page.ScenarioError) as raised:
                self.follow(wrong)
            self.assertIn(raised.exception.line, (5, 6), wrong)


class Shown(unittest.TestCase):
    def test_what_differs_from_run_to_run_is_replaced(self):
        self.assertEqual(shown.shown("at 127.0.0.1:24326 on 2026-11-30T21:44:44Z in 23 ms, 1.5 s", []),
                         "at 127.0.0.1:‹port› on ‹time› in ‹duration›, ‹duration›")
        self.assertEqual(shown.shown("ns-cleanup-20261130T220518634Z-default.undo of 2026-11-30, 3s ago", []),
                         "ns-cleanup-‹time›-default.undo of ‹date›, ‹duration› ago")
        self.assertEqual(shown.shown("2026-11-30 21:44:44.123+00; port 77 of 127.0.0.1", []), "‹time›; port ‹port› of 127.0.0.1")
        self.assertEqual(shown.shown("host a, pid 77, 12.5 MiB, 1047 bytes", []), "host a, pid ‹number›, ‹size›, ‹size›")

    def test_what_the_reader_types_or_counts_is_not(self):
        for text in ("--interval 12h for 31 days", "touches 12 rows", "20220520000000_v3_20", "PostgreSQL 15.18"):
            self.assertEqual(shown.shown(text, []), text)

    def test_columns_stay_where_they_were(self):
        self.assertEqual(shown.shown("2026-11-30T21:44:44Z  done", []), "‹time›                done")

    def test_long_outputs_say_what_is_left_out(self):
        lines = [str(number) for number in range(100)]
        self.assertEqual(shown.abridged(lines[:70]), lines[:70])
        kept = shown.abridged(lines)
        self.assertEqual((kept[29], kept[30], kept[31], len(kept)), ("29", "‹40 lines are left out here›", "70", 61))

    def test_every_placeholder_is_explained(self):
        for rule in shown.RULES:
            self.assertIn(f"| {rule.placeholder} |", shown.table())

    def test_a_progress_bar_leaves_nothing(self):
        self.assertEqual(left_on("a\r\n10 %\r\x1b[K50 %\r\x1b[Kdone\r\nb\r\n"), "a\ndone\nb\n")


if __name__ == "__main__":
    unittest.main()
