"""The systemd units: what systemd-analyze says to them, and that what they run are commands of the program.

systemd_test.py PROGRAM
"""

import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True

from commands import DUE, UNREACHABLE, Nowhere, complaints  # noqa: E402

PROGRAM = Path(sys.argv.pop(1)).resolve()
FOLDER = Path(__file__).resolve().parents[2] / "deploy/systemd"
SYSTEM = Path("/usr/lib/systemd/system")
INSTANCES = sorted(path.stem for path in FOLDER.glob("*.timer"))
MOST_EXPOSED = 15  # of 100


def exec_starts(instance):
    text = (FOLDER / f"{instance}.service.d/command.conf").read_text(encoding="utf-8")
    return [line.replace("%%", "%").replace("$$", "$") for line in re.findall(r"^ExecStart=(.*)$", text, re.MULTILINE)]


class Analyzed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.root = Path(folder.name)
        units = cls.root / "usr/lib/systemd/system"
        shutil.copytree(FOLDER, units)
        for unit in [*SYSTEM.glob("*.target"), *SYSTEM.glob("*.slice")]:
            shutil.copy(unit, units, follow_symlinks=False)
        for program in (Path("bin/sh"), Path("usr/bin/tti-lw-stack")):
            (cls.root / program).parent.mkdir(exist_ok=True)
            shutil.copy("/bin/true", cls.root / program)

    def analyze(self, *words):
        return subprocess.run(["systemd-analyze", *words, f"--root={self.root}"], capture_output=True, text=True, check=False)

    def test_they_are_well_formed(self):
        names = [f"{instance}.{kind}" for instance in INSTANCES for kind in ("service", "timer")]
        self.assertEqual(len(names), 14)
        done = self.analyze("verify", "--man=no", *names)
        self.assertEqual(done.stderr, "")
        self.assertEqual(done.returncode, 0)

    def test_a_bad_line_would_be_seen(self):
        bad = self.root / "usr/lib/systemd/system/bad.service"
        bad.write_text("[Service]\nExecStart=/usr/bin/tti-lw-stack\nProtectSystems=strict\n", encoding="utf-8")
        self.addCleanup(bad.unlink)
        self.assertIn("ProtectSystems", self.analyze("verify", "--man=no", "bad.service").stderr)

    def test_little_is_exposed(self):
        for instance in INSTANCES:
            done = self.analyze("security", "--offline=yes", f"--threshold={MOST_EXPOSED}", f"{instance}.service")
            self.assertEqual(done.returncode, 0, done.stdout)


class Run(unittest.TestCase):
    def test_what_is_run_are_commands_of_the_program(self):
        lines = [shlex.split(line.replace("${STATE_DIRECTORY}", "/nonexistent")) for instance in INSTANCES for line in exec_starts(instance)]
        commands = [words[1:] for words in lines if words[0] == "/usr/bin/tti-lw-stack"]
        self.assertEqual(len(commands), 9)
        self.assertEqual(complaints(PROGRAM, commands), [])

    def test_a_backup_goes_to_a_folder_of_the_moment(self):
        [line] = exec_starts("tti-lw-stack@backup")
        shell, option, script = shlex.split(line)
        shown = subprocess.run([shell, option, script.replace("exec /usr/bin/tti-lw-stack", "echo")], env={"STATE_DIRECTORY": "/state"},
                               capture_output=True, text=True, check=True).stdout
        self.assertRegex(shown, r"^backup /state/backup/\d{4}-\d\d-\d\dT\d{6}\n$")
        with Nowhere() as nowhere:
            done = nowhere.run(PROGRAM, shlex.split(shown))
        self.assertIn(done.returncode, (DUE, UNREACHABLE), done.stderr)


if __name__ == "__main__":
    unittest.main()
