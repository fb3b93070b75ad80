"""The main paths on a version that is not the machine's: versions_test.py BINARY MODULES-FOLDER postgres|redis VERSION"""

import functools
import json
import re
import sys
import unittest

sys.dont_write_bytecode = True

import other  # noqa: E402  finds what follows
import world  # noqa: E402
from behind import Stack  # noqa: E402
from deployments import Deployment, Postgres, Redis, fill  # noqa: E402

KIND, VERSION = sys.argv.pop(1), sys.argv.pop(1)
GROUPS = ("is-db", "dcs-db", "ns-db", "as-db", "js-db", "storage-db", "noc-db")
# The servers of tests are without care for a crash.
OF_TESTS = ("postgres-durability", "redis-persistence")


def result(text):
    return json.loads(text.splitlines()[-1])


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.postgres = other.postgres(VERSION, cls.addClassCleanup) if KIND == "postgres" else Postgres


class FromThePast(Case):
    """From release 3.19 and the old layouts of every server, by one upgrade."""

    def setUp(self):
        redis = {"redis": functools.partial(world.Redis, program=other.redis_program(VERSION))} if KIND == "redis" else {}
        self.stack = Stack(other.BINARY, 10, postgres=self.postgres, **redis)
        self.addCleanup(self.stack.stop)

    def test_one_upgrade_brings_everything_up_to_date(self):
        users = self.stack.server.psql("identity", "SELECT count(*) FROM users")
        self.stack.must_run("upgrade", "--yes")
        for group in GROUPS:
            self.stack.must_run(group, "status")
        self.stack.must_run("is-db", "verify")
        self.assertEqual(self.stack.server.psql("identity", "SELECT count(*) FROM users"), users)
        status = result(self.stack.must_run("status", "--output", "json").stdout)
        self.assertEqual({database["state"] for database in status["databases"]}, {"in order"})


class DeploymentOn62(Deployment):
    """That Redis tells only how long a key has left."""

    @staticmethod
    def expiries(client, keys):
        seconds, microseconds = map(int, client("TIME"))
        now = 1000 * seconds + microseconds // 1000
        return [left if left < 0 else round(now + left, -3) for left in client.pipeline([("PTTL", key) for key in keys])]


class FromEmpty(Case):
    """A new deployment, backed up, lost and brought back, and looked at."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        server = cls.postgres.start()
        cls.addClassCleanup(server.stop)
        kind = DeploymentOn62 if VERSION == "6.2" else Deployment
        cls.deployment = kind(other.BINARY, server, "stack", redis=other.redis(VERSION) if KIND == "redis" else Redis)
        cls.addClassCleanup(cls.deployment.stop)
        cls.programs = ("--postgres-programs", other.clients(VERSION)) if KIND == "postgres" else ()
        fill(cls.deployment)
        for group in ("ns-db", "as-db", "js-db"):
            cls.deployment.good(group, "migrate")

    def good(self, *words):
        return self.deployment.good(*words)

    def test_the_server_is_of_that_version(self):
        with self.deployment.redis.client() as client:
            told = {"postgres": self.deployment.postgres.psql("stack", "SHOW server_version")[0],
                    "redis": re.search(r"redis_version:(\S+)", client("INFO", "server").decode()).group(1)}
        self.assertTrue(told[KIND].startswith(f"{VERSION}."), told)

    def test_what_was_backed_up_comes_back(self):
        archive = self.deployment.folder / "archive"
        self.good("backup", archive, *self.programs)
        before = self.deployment.state()
        self.deployment.lose()
        self.good("restore", archive, *self.programs)
        tables, keys = self.deployment.state()
        self.assertEqual(set(tables) ^ set(before[0]), set())
        self.assertEqual({key for key, held in keys.items() if before[1].get(key) != held}, set())
        self.assertEqual(sorted(keys), sorted(before[1]))

    def test_doctor_sees_everything_and_minds_nothing(self):
        told = result(self.deployment.run("doctor", "--output", "json").stdout)
        self.assertEqual([finding for finding in told["findings"] if "could not be looked at" in finding["problem"] or
                          finding["check"].startswith((f"{KIND}-", "reachable")) and finding["check"] not in OF_TESTS], [])

    def test_rows_and_keys_are_cleaned_up(self):
        self.good("is-db", "cleanup", "--yes", "--max-delete", "100%")
        self.good("ns-db", "prune")
        self.good("ns-db", "cleanup", "--yes", "--max-delete", "100%")
        self.good("storage-db", "maintain", "--yes")
        self.good("noc-db", "maintain")
        self.good("memory")


if __name__ == "__main__":
    unittest.main(verbosity=2)
