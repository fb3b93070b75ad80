"""The page of how fast it is shows what was measured, and what it says of that is true."""

import re
import sys
import unittest
from pathlib import Path
from xml.etree import ElementTree

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "docs"))

import page  # noqa: E402
import speed  # noqa: E402
from points import Point, for_ten_times, table  # noqa: E402

SOURCE = page.PAGES / "how-fast.md"
SIZES = [10_000, 100_000, 1_000_000]
KEEPS_ALL_DEVICES = {"ns-db cleanup"}
SVG = "{http://www.w3.org/2000/svg}"
MEBI = 1 << 20
LINES = 6  # of the table, a command


def figures():
    """(command, amount) -> what was measured."""
    return {(point["command"], point["amount"]): point for point in speed.record()["growth"]}


def commands():
    return list(dict.fromkeys(command for command, _ in figures()))


def number(cell):
    return float(re.match(r"[\d.]+", cell)[0])


class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.text = speed.filled(SOURCE.read_text(encoding="utf-8"))

    def rows(self):
        """The table's cells, a list of lines for each command."""
        lines = [line for line in self.text.splitlines() if line.startswith("| ")]
        cells = [[cell.strip(" *") for cell in line.split("|")[1:-1]] for line in lines]
        return cells[0], [cells[at:at + LINES] for at in range(2, len(cells), LINES)]

    def test_its_numbers_are_those_that_were_measured(self):
        head, found = self.rows()
        self.assertEqual([int(cell.replace(",", "")) for cell in head[2:-1]], SIZES)
        self.assertEqual([lines[0][0] for lines in found], commands())
        for lines in found:
            for column, size in enumerate(SIZES, 2):
                point = figures()[lines[0][0], size]
                shown = [number(line[column]) for line in lines]
                measured = [point["seconds"], point["bare_seconds"], point["seconds"] / point["bare_seconds"], point["cpu_seconds"],
                            point["server_seconds"], point["peak_bytes"] / MEBI]
                for one, other, width in zip(shown, measured, (0.0005, 0.0005, 0.005, 0.0005, 0.0005, 0.05), strict=True):
                    self.assertAlmostEqual(one, other, delta=width + 1e-9)

    def test_no_number_stands_in_its_source(self):
        prose = re.sub(r"```sh\n.*?```", "", SOURCE.read_text(encoding="utf-8"), flags=re.DOTALL)
        self.assertEqual(re.findall(r"\d+", prose), [])

    def test_no_mark_is_left(self):
        self.assertNotIn("<!--", self.text)
        self.assertEqual(len(re.findall("<!-- growth [a-z]+ -->", SOURCE.read_text(encoding="utf-8"))), len(speed.PLACES))

    def test_it_tells_the_machine_and_a_commit_that_there_is(self):
        about = speed.record()["about"]
        self.assertRegex(about["commit"], r"^[0-9a-f]{7,40}$")  # a + would say that nobody can have the same program
        for value in (about["date"], about["commit"], about["processor"], about["postgresql"], about["redis"]):
            self.assertIn(str(value), self.text)

    def test_the_promise_holds_of_them(self):
        """By CPU times, for the machine does not do the same other work at all sizes; they have a tenth of room, the server's a fifth."""
        for command in commands():
            one, other = (figures()[command, size] for size in SIZES[-2:])
            growth = {key: other[key] / one[key] for key in ("cpu_seconds", "server_seconds", "bare_server_seconds", "peak_bytes")}
            self.assertLess(growth["server_seconds"] / max(10, growth["bare_server_seconds"]), 1.2, command)
            if command in KEEPS_ALL_DEVICES:
                self.assertLess(growth["cpu_seconds"], 13, command)
                self.assertLess((other["peak_bytes"] - one["peak_bytes"]) / (other["amount"] - one["amount"]), 16, command)
            else:
                self.assertLess(growth["cpu_seconds"], 11, command)
                self.assertLess(growth["peak_bytes"], 1.1, command)


class Drawing(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        fence, *lines, _ = speed.drawing(speed.record()).splitlines()
        assert fence == "```{raw} html", fence
        assert all(lines), "an empty line would end it in Markdown"
        cls.root = ElementTree.fromstring("\n".join(lines))

    def scale(self, texts, place):
        """What a coordinate stands for, by two of the numbers that are written at an axis."""
        (first, one), (last, other) = ((number(text.text.replace(",", "")), float(text.get(place))) for text in (texts[0], texts[-1]))
        return lambda at: first * (last / first) ** ((at - one) / (other - one))

    def test_its_lines_are_at_the_numbers_that_were_measured(self):
        for panel, value in (("time", lambda point: point["seconds"]), ("memory at most", lambda point: point["peak_bytes"] / MEBI)):
            groups = [group for group in self.root.iter(f"{SVG}g") if group.get("data-panel") == panel]
            self.assertEqual([group.find(f"{SVG}title").text for group in groups], commands())
            unit = "s" if panel == "time" else "MiB"
            vertical = [text for text in self.root.iter(f"{SVG}text") if re.fullmatch(rf"[\d.,]+ {unit}", text.text)]
            left = float(vertical[0].get("x"))
            horizontal = [text for text in self.root.iter(f"{SVG}text")
                          if re.fullmatch(r"[\d,]+", text.text) and left < float(text.get("x")) < left + 360]
            amount_at = self.scale(horizontal, "x")
            value_at = self.scale(vertical, "y")
            for group in groups:
                places = [tuple(map(float, place.split(","))) for place in group.find(f"{SVG}polyline").get("points").split()]
                self.assertEqual(len(places), len(SIZES))
                for (x, y), size in zip(places, SIZES):
                    self.assertAlmostEqual(amount_at(x) / size, 1, delta=0.01)
                    self.assertAlmostEqual(value_at(y) / value(figures()[group.find(f"{SVG}title").text, size]), 1, delta=0.01)

    def test_it_is_told_to_who_does_not_see_it(self):
        self.assertEqual(self.root.get("role"), "img")
        named = {element.get("id"): element.text for element in self.root if element.get("id")}
        self.assertEqual(list(named), self.root.get("aria-labelledby").split())
        for command in commands():
            self.assertIn(command, named["growth-description"])

    def test_its_words_have_the_colour_of_the_page(self):
        style = self.root.find(f"{SVG}style").text
        for part in ("text", ".paper", ".axis"):
            self.assertRegex(style, rf"\.growth {re.escape(part)} {{ (?:fill|stroke): var\(")


def made_up(command, amount, seconds):
    return Point(command, amount, "of", "beside", seconds, 1, 1, 1, 1, MEBI)


class Growth(unittest.TestCase):
    @staticmethod
    def of(*times):
        found = [made_up("c", 10 ** (power + 1), time) for power, time in enumerate(times)]
        return for_ten_times(found, lambda point: point.seconds)

    def test_linear_is_ten_and_flat_is_one(self):
        self.assertAlmostEqual(self.of(7, 2, 20), 10)
        self.assertAlmostEqual(self.of(3, 3), 1)
        self.assertAlmostEqual(self.of(1, 100), 100)
        self.assertIsNone(self.of(1))
        self.assertIsNone(self.of(0, 1))

    def test_sizes_need_not_be_ten_times_each_other(self):
        found = [made_up("c", amount, amount) for amount in (1000, 3000)]
        self.assertAlmostEqual(for_ten_times(found, lambda point: point.seconds), 10)

    def test_what_was_not_measured_is_left_empty(self):
        head, one, *_ = table([made_up("a", 10, 1), made_up("b", 10, 2), made_up("b", 100, 3)])
        self.assertEqual(head[2:4], ("10", "100"))
        self.assertEqual(one, ("a", "time", "1.000 s", "", ""))


if __name__ == "__main__":
    unittest.main()
