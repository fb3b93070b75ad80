"""Servers that are too old: found by doctor, refused by the others, mended as is printed: too_old_test.py BINARY MODULES-FOLDER"""

import json
import os
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True

import other  # noqa: E402  finds what follows
from redis_server import PASSWORD, Redis  # noqa: E402
from servers import Postgres, program  # noqa: E402
import witness  # noqa: E402

DUE, REFUSED = 3, 6


class Case(unittest.TestCase):
    def run_it(self, *words, code):
        done = witness.run([other.BINARY, *words], env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LANG": "C.UTF-8", **self.settings},
                              cwd="/", stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=120)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def only_finding(self, check):
        findings = json.loads(self.run_it("doctor", "--only", check, "--output", "json", code=DUE).stdout.splitlines()[-1])["findings"]
        self.assertEqual([finding["check"] for finding in findings], [check])
        self.assertEqual(findings[0]["severity"], "error")
        return findings[0]


class OldPostgres(Case):
    def setUp(self):
        self.old = other.postgres("13", self.addCleanup).start()
        self.addCleanup(self.old.stop)
        self.old.create_database("stack")
        self.settings = {"TTN_LW_IS_DATABASE_URI": self.old.uri("stack")}

    def test_it_is_found_and_an_upgrade_mends_it(self):
        self.old.psql("stack", "CREATE TABLE kept AS SELECT 42 AS answer")
        self.assertIn("PostgreSQL 13", self.run_it("is-db", "migrate", code=REFUSED).stderr)
        self.assertEqual(self.old.psql("stack", "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"), ["1"])

        finding = self.only_finding("postgres-version")
        self.assertIn("server_version = 13.", finding["evidence"])
        self.assertEqual(finding["mend"]["text"], "Upgrade the server to PostgreSQL 14 or newer.")

        dump = subprocess.run([program("pg_dump"), "--no-owner", self.old.uri("stack")], capture_output=True, text=True, check=True).stdout
        new = Postgres.start()
        self.addCleanup(new.stop)
        new.create_database("stack")
        new.psql("stack", dump)
        self.settings = {"TTN_LW_IS_DATABASE_URI": new.uri("stack")}
        self.run_it("doctor", "--only", "postgres-version", code=0)
        self.assertEqual(new.psql("stack", "SELECT answer FROM kept"), ["42"])


class OldRedis(Case):
    def setUp(self):
        self.old = other.redis("5.0")()
        self.addCleanup(self.old.stop)

    def settings_of(self, server):
        return {"TTN_LW_REDIS_ADDRESS": server.socket, "TTN_LW_REDIS_PASSWORD": PASSWORD}

    def test_it_is_found_and_an_upgrade_mends_it(self):
        self.settings = self.settings_of(self.old)
        self.assertIn("Redis 5.0", self.run_it("ns-db", "migrate", code=REFUSED).stderr)
        with self.old.client() as client:
            client("SET", "ttn:v3:kept", "42")
            self.assertEqual(client("KEYS", "*"), [b"ttn:v3:kept"])

            finding = self.only_finding("redis-version")
            self.assertIn("redis_version = 5.0.", finding["evidence"])
            self.assertEqual(finding["mend"]["text"], "Upgrade the server to Redis 6.2 or newer.")
            client("SAVE")

        new = Redis(["--dir", str(self.old.folder)])
        self.addCleanup(new.stop)
        self.settings = self.settings_of(new)
        self.run_it("doctor", "--only", "redis-version", code=0)
        with new.client() as client:
            self.assertEqual(client("GET", "ttn:v3:kept"), b"42")


if __name__ == "__main__":
    unittest.main(verbosity=2)
