"""Short commands under valgrind: no wrong access, no use of what was never set, no memory lost: valgrind_test.py PROGRAM COMPILER"""

import subprocess
import sys
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.dont_write_bytecode = True

PROGRAM, COMPILER = Path(sys.argv.pop(1)).resolve(), sys.argv.pop(1)
FOUND = 99
VALGRIND = ["valgrind", "--quiet", f"--error-exitcode={FOUND}", "--leak-check=full", "--show-leak-kinds=definite",
            "--errors-for-leak-kinds=definite"]
USAGE, UNREACHABLE = 2, 4
NOBODY = "postgresql://stack:hush@127.0.0.1:1/stack?connect_timeout=1"  # a port where nobody listens
# A command, and how it ends.
COMMANDS = {
    "version": 0,
    "--help": 0,
    "is-db create-admin-user --help": 0,
    "gen-man-pages --output-dir man": 0,
    "completion bash": 0,
    "reference settings": 0,
    "config": 0,
    "doctor --list": 0,
    "is-db migrate --rolback": USAGE,
    "is-db create-tenant --id=No_Tenant": USAGE,
    "is-db status": UNREACHABLE,
    "is-db migrate --dry-run --output json": UNREACHABLE,
    "ns-db status --redis.address=127.0.0.1:1": UNREACHABLE,
}
# A program that does what is to be found.
FAULTS = {
    "loses memory": "#include <cstdlib>\nint main() { void* volatile lost = std::malloc(7); lost = nullptr; }",
    "reads what was never set": "#include <cstdlib>\nint main() { int* seen = static_cast<int*>(std::malloc(4)); int odd = *seen & 1; std::free(seen); return odd; }",
}


def under_valgrind(command, folder):
    return subprocess.run([*VALGRIND, *command], env={"PATH": "/usr/bin:/bin", "HOME": folder, "LANG": "C.UTF-8", "TTN_LW_IS_DATABASE_URI": NOBODY},
                          cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", check=False, timeout=300)


class Valgrind(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def test_short_commands_are_clean(self):
        with ThreadPoolExecutor(2) as pool:
            ended = pool.map(lambda words: under_valgrind([PROGRAM, *words.split()], self.folder), COMMANDS)
            for (words, code), done in zip(COMMANDS.items(), ended):
                with self.subTest(words):
                    self.assertEqual(done.returncode, code, done.stderr[-4000:])
                    self.assertNotIn("==", done.stderr)
        self.assertTrue(list(Path(self.folder, "man").glob("*.1")))

    def test_faults_are_found(self):
        for what, source in FAULTS.items():
            with self.subTest(what):
                built = Path(self.folder, "faulty")
                subprocess.run([COMPILER, "-O0", "-w", "-x", "c++", "-", "-o", built], input=source, text=True, check=True)
                self.assertEqual(under_valgrind([built], self.folder).returncode, FOUND)


if __name__ == "__main__":
    unittest.main(verbosity=2)
