"""What of cmake/Hardening.cmake is in the program: hardening_test.py PROGRAM"""

import re
import subprocess
import sys
import unittest

PROGRAM = sys.argv.pop(1)


def readelf(*options):
    return subprocess.run(["readelf", "--wide", *options, PROGRAM], capture_output=True, text=True, check=True).stdout


class Hardening(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.dynamic, cls.segments = readelf("--dynamic"), readelf("--segments")
        cls.imports = set(re.findall(r" UND (\w+)", readelf("--dyn-syms")))

    def test_it_lies_anywhere(self):
        self.assertRegex(readelf("--file-header"), r"Type: +DYN")
        self.assertRegex(self.dynamic, r"FLAGS_1.*\bPIE\b")

    def test_its_tables_are_filled_before_it_runs_and_read_only_then(self):
        self.assertIn("GNU_RELRO", self.segments)
        self.assertRegex(self.dynamic, r"\bBIND_NOW\b|FLAGS_1.*\bNOW\b")

    def test_its_stack_is_no_code_and_is_guarded(self):
        self.assertRegex(self.segments, r"GNU_STACK .* RW +0x")
        self.assertIn("__stack_chk_fail", self.imports)

    def test_calls_of_the_c_library_are_checked(self):
        self.assertNotEqual([name for name in self.imports if name.endswith("_chk")], [])

    def test_libraries_come_from_the_system_alone(self):
        self.assertNotRegex(self.dynamic, r"\bR(UN)?PATH\b")


if __name__ == "__main__":
    unittest.main()
