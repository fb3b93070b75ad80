"""Files and functions stay small, headers are guarded, and nothing of a machine or a person is written down."""

import re
import statistics
import sys
import unittest

sys.dont_write_bytecode = True

from repository import ROOT, lines_of, name_of, source_files, tracked_files  # noqa: E402

LONGEST_FILE = 800
MOST_FILES_BELOW = 400   # nine in ten
MEDIAN_FILE = 120
LONGEST_FUNCTION = 80
TEXT = (".cpp", ".hpp", ".py", ".md", ".sql", ".cmake", ".txt", ".json", ".scenario", ".sh", ".yml", "")


def functions(path):
    """(first line, length) of everything that clang-format lets begin in column 0 or 4 and end in a lone brace."""
    start = None
    for number, line in enumerate(lines_of(path), 1):
        if re.match(r"\S.*\{$", line) and not re.match(r"namespace|class|struct|enum|union|extern|constexpr std::array", line):
            start = number
        elif line.startswith("}") and start:
            yield start, number - start + 1
            start = None


class Sizes(unittest.TestCase):
    def setUp(self):
        self.lengths = {name_of(path): len(lines_of(path)) for path in [*source_files("src"), *source_files("tests")]}

    def test_no_file_is_too_long(self):
        self.assertEqual([item for item in self.lengths.items() if item[1] > LONGEST_FILE], [])

    def test_nine_in_ten_files_are_short(self):
        long = [item for item in self.lengths.items() if item[1] >= MOST_FILES_BELOW]
        self.assertLessEqual(len(long), len(self.lengths) / 10, long)

    def test_the_median_file_is_short(self):
        self.assertLessEqual(statistics.median(self.lengths.values()), MEDIAN_FILE)

    def test_functions_are_short(self):
        long = [f"{name_of(path)}:{start} has {length} lines" for path in source_files("src")
                for start, length in functions(path) if length > LONGEST_FUNCTION]
        self.assertEqual(long, [])


class Contents(unittest.TestCase):
    def test_headers_begin_with_pragma_once(self):
        wrong = [name_of(path) for folder in ("src", "tests") for path in source_files(folder)
                 if path.suffix == ".hpp" and lines_of(path)[:1] != ["#pragma once"]]
        self.assertEqual(wrong, [])

    def test_no_path_of_a_machine_is_written_down(self):
        # Written in pieces so that this file does not find itself.
        pattern = re.compile("/" + "work/|/" + "root/|/" + "home/[a-z]")
        self.assertEqual(self.found(pattern), [])

    def test_no_leftovers(self):
        pattern = re.compile("TO" + "DO|FIX" + "ME|\\bXX" + "X\\b|HA" + "CK\\b")
        self.assertEqual(self.found(pattern), [])

    def test_no_using_namespace(self):
        self.assertEqual(self.found(re.compile(r"^\s*using namespace (?!std::\w*literals)"), (".cpp", ".hpp")), [])

    def test_no_owning_raw_pointers(self):
        pattern = re.compile(r"(?<!operator )\b(new [A-Z_a-z:]+[({\[]|delete\s+\w|delete\[\]|malloc\(|free\()")
        self.assertEqual(self.found(pattern, (".cpp", ".hpp")), [])

    def test_files_end_with_one_line_break(self):
        wrong = [name_of(path) for path in self.texts() if path.stat().st_size
                 and (not path.read_bytes().endswith(b"\n") or path.read_bytes().endswith(b"\n\n"))]
        self.assertEqual(wrong, [])

    @staticmethod
    def texts(suffixes=TEXT):
        return [path for path in tracked_files() if path.suffix in suffixes and path != ROOT / "LICENSE"]

    def found(self, pattern, suffixes=TEXT):
        return [f"{name_of(path)}:{number}: {line.strip()}" for path in self.texts(suffixes)
                for number, line in enumerate(lines_of(path), 1) if pattern.search(self.code(path, line))]

    @staticmethod
    def code(path, line):
        """Of C++, what is neither text nor comment."""
        return re.sub(r'"(?:[^"\\]|\\.)*"', '""', line).split("//")[0] if path.suffix in (".cpp", ".hpp") else line


if __name__ == "__main__":
    unittest.main()
