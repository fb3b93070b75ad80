"""Every example in the help of the Redis commands is understood, and does something, on a small deployment."""

import re
import shlex
import subprocess
import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True

import deployment  # noqa: E402
from parse import Scenario  # noqa: E402
from place import Place  # noqa: E402
from redis_client import encode  # noqa: E402
from servers import Postgres  # noqa: E402
import witness  # noqa: E402

GROUPS = {"ns-db", "as-db", "js-db", "dcs-db", "memory", "restore", "doctor", "upgrade"}
MAY_END_IN = {0, 3, 6, 7}  # done, something is due, refused by a guard, partly failed; never usage or unexpected
BINARY = Path(sys.argv.pop()).resolve() if len(sys.argv) > 1 else None


class Examples(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.postgres = Postgres.start()
        cls.addClassCleanup(cls.postgres.stop)
        scenario = Scenario("examples/all.scenario", "Every example.", ["postgres", "redis"], [])
        cls.place = Place(scenario, BINARY, cls.postgres)
        cls.addClassCleanup(cls.place.take_down)

    def run_program(self, *words):
        return witness.run([BINARY, *words], env=self.place.environment, cwd=self.place.folder, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, check=False, timeout=60)

    def examples(self):
        blocks = re.findall(r"^```sh\n(.*?)^```", self.run_program("reference", "commands").stdout, re.MULTILINE | re.DOTALL)
        for line in "".join(blocks).splitlines():
            words = shlex.split(line, comments=True)[1:]
            if words and words[0] in GROUPS:
                yield words

    def undo_file(self):
        done = self.run_program("as-db", "purge", "--yes", "--undo-to", "undo")
        return re.search(r"(\S+\.undo)", done.stdout)[1]

    def test_every_example_runs(self):
        self.run_program("is-db", "migrate")
        self.run_program("is-db", "create-tenant", "--id=acme")
        self.run_program("backup", "archive")
        ran = set()
        for words in list(self.examples()):
            with self.place.redis.client() as client:
                client("FLUSHALL")
                client.load(encode(*command) for command in deployment.generate("deployment", []))
            words = [self.undo_file() if word.endswith(".undo") else re.sub(r"^/backups/.*", "archive", re.sub(r"=(/mnt|s3:)/.*", "=undo", word))
                     for word in words]
            done = self.run_program(*words)
            with self.subTest(" ".join(words)):
                unknown = done.returncode == 2 and "nothing is known of" in done.stderr  # an example's device
                self.assertTrue(unknown or done.returncode in MAY_END_IN, f"{done.returncode}: {done.stdout}{done.stderr}")
            ran.add(words[0])
        self.assertEqual(ran, GROUPS)


if __name__ == "__main__":
    unittest.main()
