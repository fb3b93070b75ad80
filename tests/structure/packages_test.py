"""scripts/install-packages asks for what is missing, and not for what another program does as well."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True

from repository import ROOT  # noqa: E402

TOOLS = ("bash", "awk", "comm", "sort", "dirname", "printf")
# A user who may install nothing, on a Debian that has only make.
FAKES = {"dpkg-query": "echo 'make installed'", "id": "echo 1000"}


class Packages(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name)
        for tool in TOOLS:
            (self.path / tool).symlink_to(shutil.which(tool))
        for name, line in FAKES.items():
            self.program(name, line)

    def program(self, name, line=":"):
        (self.path / name).write_text(f"#!{shutil.which('sh')}\n{line}\n", encoding="utf-8")
        (self.path / name).chmod(0o755)

    def missing(self, *kinds):
        done = subprocess.run([shutil.which("bash"), str(ROOT / "scripts/install-packages"), *kinds], env={"PATH": str(self.path)},
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 1, done.stderr)
        return [line.strip() for line in done.stderr.splitlines() if line.startswith("  ") and "sudo" not in line]

    def test_what_is_missing_is_listed_by_kind(self):
        packages = self.missing("test")
        self.assertIn("pgbouncer", packages)
        self.assertIn("npm", packages)
        self.assertIn("nodejs", packages)
        self.assertNotIn("g++", packages)
        self.assertNotIn("make", self.missing("build"))

    def test_a_program_from_elsewhere_does_as_well(self):
        self.program("node")
        self.program("npm")
        packages = self.missing("test")
        self.assertNotIn("npm", packages)
        self.assertNotIn("nodejs", packages)
        self.assertIn("pgbouncer", packages)


if __name__ == "__main__":
    unittest.main()
