"""A deployment is backed up, lost and brought back: the same. In the middle of either, it is killed everywhere and run again."""

import hashlib
import json
import re
import shutil
import struct
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.dont_write_bytecode = True

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "disturbed"))

from deployments import N, Deployment, Postgres, fill  # noqa: E402
from kill_table import Kill, KillTable  # noqa: E402
from redis_server import PASSWORD, replica_of  # noqa: E402

BINARY = Path(sys.argv.pop(1)).resolve()
SOURCES = Path(__file__).resolve().parents[2] / "src/backup"
KILLED = -9
KEY = ("--key-from", "env:BACKUP_KEY")
TABLE = KillTable("backup")


def tearDownModule():  # pylint: disable=invalid-name
    TABLE.close()


class Case(unittest.TestCase):
    """One filled deployment for all, and its archive."""

    maxDiff = 2000
    key = ()
    expiring = 0  # ms until some keys expire
    tcp = False  # whether Redis has a port, for a replica

    @classmethod
    def setUpClass(cls):
        cls.place = Path(tempfile.mkdtemp(prefix="tti-archives-"))
        cls.addClassCleanup(shutil.rmtree, cls.place)
        cls.postgres = Postgres.start()
        cls.addClassCleanup(cls.postgres.stop)
        cls.deployment = cls.made("stack", tcp=cls.tcp)
        fill(cls.deployment, cls.expiring)
        cls.archive = cls.place / "whole"
        cls.good("backup", cls.archive, *cls.key)
        cls.state = cls.wait_for_expiry()

    @classmethod
    def made(cls, database, **more):
        deployment = Deployment(BINARY, cls.postgres, database, **more)
        cls.addClassCleanup(deployment.stop)
        return deployment

    @classmethod
    def wait_for_expiry(cls):
        """What expires soon was backed up and is gone in the end."""
        archived = cls.deployment.keys()
        while any(key.endswith(":expires:soon") for key in archived):
            time.sleep(0.1)
            archived = cls.deployment.keys()
        return cls.deployment.tables(), archived

    @classmethod
    def good(cls, *words, on=None):
        return (on or cls.deployment).good(*words, BACKUP_KEY="correct horse")

    def run_it(self, *words, on=None, **variables):
        return (on or self.deployment).run(*words, **{"BACKUP_KEY": "correct horse", **variables})

    def assert_same(self, deployment=None):
        tables, keys = (deployment or self.deployment).state()
        self.assertEqual(set(tables) ^ set(self.state[0]), set())
        self.assertEqual({key: held for key, held in keys.items() if self.state[1].get(key) != held}, {})
        self.assertEqual(sorted(keys), sorted(self.state[1]))


class RoundTrip(Case):
    key = KEY
    expiring = 12_000

    def test_lost_and_brought_back_it_is_the_same(self):
        self.deployment.lose()
        told = self.good("restore", self.archive, *KEY)
        self.assertIn("3 keys have expired", told)
        self.assert_same()
        self.assertIn("nothing to do", self.good("restore", self.archive, *KEY))
        self.assert_same()

    def test_it_is_verified_without_touching_anything(self):
        before = self.deployment.state()
        told = json.loads(self.good("backup", "verify", self.archive, *KEY, "--output", "json").splitlines()[-1])
        self.assertGreater(told["rows"], 300)
        self.assertEqual(told["keys"], len(self.state[1]) + 3)  # those that have expired since count too
        self.assertEqual(told["notes"], [])
        self.assertEqual(self.deployment.state(), before)
        self.assertEqual(list(self.deployment.temporary.iterdir()), [])

    def test_it_tells_nobody_anything_without_the_key(self):
        for path in self.archive.iterdir():
            if path.name != "manifest.json":
                self.assertNotIn(b"boss", path.read_bytes(), path)
                self.assertNotIn(b"app-1", path.read_bytes(), path)

    def test_the_password_is_in_no_argument(self):
        spied = self.place / "spied"
        folder = self.place / "programs"
        folder.mkdir()
        (folder / "pg_dump").write_text(f'#!/bin/sh\necho "$@" >> {spied}\nexec pg_dump "$@"\n')
        (folder / "pg_dump").chmod(0o755)
        self.good("backup", self.place / "spied-on", "--postgres-programs", folder)
        self.assertIn("--snapshot", spied.read_text())
        self.assertNotIn(PASSWORD, spied.read_text())

    def test_a_dry_run_writes_nothing(self):
        self.good("backup", self.place / "never", "--dry-run")
        self.assertFalse((self.place / "never").exists())

    def test_keys_can_go_below_another_name_space(self):
        other = self.made("renamed", name_space="other:space")
        self.good("restore", self.archive, *KEY, on=other)
        self.assert_same(other)


class Tenant(Case):
    tcp = True

    def of(self, deployment, tenant):
        tables = [line for line in deployment.tables() if f"tenant_{tenant}" in line]
        keys = {key: held for key, held in deployment.keys().items() if key.startswith(f":{tenant}:")}
        return tables, keys

    def register(self, deployment):
        return deployment.postgres.psql(deployment.database, "SELECT t::text FROM tti.tenants t ORDER BY 1")

    def test_it_moves_to_another_deployment_and_back(self):
        archive = self.place / "acme"
        self.good("backup", archive, "--tenant-id", "acme")
        manifest = json.loads((archive / "manifest.json").read_text())
        self.assertEqual([schema["schema"] for schema in manifest["databases"][0]["schemas"]], ["tenant_acme"])

        other = self.made("elsewhere")
        self.good("is-db", "migrate", on=other)
        self.good("is-db", "create-tenant", "--id=gamma", on=other)
        with other.redis.client() as client:
            client("SET", f"{N}:gamma:ns:devices:uid:a.b", "x")
            client("SET", f"{N}:ns:devices:uid:a.b", "x")
        before = other.state()
        self.good("restore", archive, "--tenant-id", "acme", on=other)
        self.assertEqual(self.of(other, "acme"), self.of(self.deployment, "acme"))
        after = other.state()
        self.assertEqual([line for line in after[0] if "tenant_acme" not in line and "rows tti.tenants" not in line],
                         [line for line in before[0] if "rows tti.tenants" not in line])
        self.assertEqual({key: held for key, held in after[1].items() if not key.startswith(":acme:")}, before[1])
        self.assertEqual(len(self.register(other)), 2)

        # Gone from the first one, and back; the other tenants stay as they are.
        self.good("is-db", "delete-tenant", "--id=acme", "--yes")
        with self.deployment.redis.client() as client:
            for key in client("KEYS", f"{N}:acme:*"):
                client("DEL", key)
        self.good("restore", self.archive, "--tenant-id", "acme")
        self.assert_same()

    def test_its_own_archive_says_nothing_about_other_restores(self):
        archive = self.place / "acme-alone"
        self.good("backup", archive, "--tenant-id", "acme")
        other = self.made("half")
        self.good("is-db", "migrate", on=other)
        words = ("restore", self.archive, "--tenant-id", "beta")
        self.assertEqual(self.run_it(*words, on=other, TTI_LW_FAIL_AT="after restore schema:1").returncode, KILLED)
        other.forget_locks()
        self.good("restore", archive, on=other)
        marks = "SELECT tenant_id FROM tti.restores"
        self.assertEqual(other.postgres.psql("half", marks), ["beta"])
        self.good(*words, on=other)
        self.assertEqual(other.postgres.psql("half", "SELECT to_regclass('tti.restores')"), ["NULL"])

    def test_one_that_is_there_is_only_replaced_when_told(self):
        self.deployment.postgres.psql("stack", "DELETE FROM tenant_beta.end_devices WHERE device_id = 'dev-1'")
        with self.deployment.redis.client() as client:
            client("SET", f"{N}:beta:ns:devices:uid:later", "x")
        changed = self.deployment.state()
        refused = self.run_it("restore", self.archive, "--tenant-id", "beta")
        self.assertEqual(refused.returncode, 6, refused.stderr)
        self.assertIn("end_devices has 60 rows, not 61", refused.stderr)
        self.assertEqual(self.run_it("restore", self.archive, "--tenant-id", "beta", "--replace").returncode, 6)
        self.assertEqual(self.deployment.state(), changed)
        self.good("restore", self.archive, "--tenant-id", "beta", "--replace", "--yes")
        self.assert_same()

    def test_one_that_the_archive_does_not_hold_is_named(self):
        done = self.run_it("restore", self.archive, "--tenant-id", "nobody")
        self.assertEqual(done.returncode, 2)
        self.assertIn("acme", done.stderr)


    def follow(self, standby):
        """It streams from the primary, and has a row that was written after it was copied."""
        standby.psql("postgres", f"ALTER SYSTEM SET primary_conninfo = 'host={self.postgres.folder} port={self.postgres.port} user=postgres'",
                     user="postgres")
        standby.psql("postgres", "SELECT pg_reload_conf()", user="postgres")
        self.postgres.psql("stack", "UPDATE tenant_acme.applications SET description = 'followed'")
        deadline = time.monotonic() + 60
        while standby.psql("stack", "SELECT count(*) FROM tenant_acme.applications WHERE description = 'followed'") == ["0"]:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)

    def test_replicas_are_sources(self):
        standby, copy = self.postgres.standby(), replica_of(self.deployment.redis)
        self.addCleanup(standby.stop)
        self.addCleanup(copy.stop)
        self.follow(standby)
        self.addCleanup(self.postgres.psql, "stack", "UPDATE tenant_acme.applications SET description = ''")
        state, archive = self.deployment.state(), self.place / "of-replicas"
        done = self.run_it("backup", archive, TTN_LW_IS_DATABASE_URI=standby.uri("stack"), TTN_LW_REDIS_ADDRESS=copy.socket)
        self.assertEqual(done.returncode, 0, done.stderr)
        manifest = json.loads((archive / "manifest.json").read_text())
        self.assertIn(str(standby.port), manifest["databases"][0]["address"])
        self.assertEqual(manifest["redis"]["address"], copy.socket)
        self.assertIn("came back as they were", self.good("backup", "verify", archive))
        self.deployment.lose()
        self.good("restore", archive)
        self.assertEqual(self.deployment.state(), state)


class Killed(Case):
    BACKUP = ("inside dump", "inside keys", "before manifest", "after manifest")
    # Point -> which time it is passed.
    RESTORE = {"before step": 4, "after step": 3, "after restore schema": 2, "inside restore keys": 1, "after restore keys": 1,
               "inside unmark": 1}
    # Of what TimescaleDB keeps: tests/timescale/backup_test.py.
    KEPT = ("after make tables", "inside load rows", "after load table", "after load schema", "after finish schema")
    REPLACE = ("after clear schema", "inside clear keys")

    def test_every_failure_point_is_here(self):
        found = set()
        for path in SOURCES.glob("*.cpp"):
            found |= set(re.findall(r'failure_point\(\s*"([^"]+)"', path.read_text(encoding="utf-8")))
        self.assertEqual(found, {*self.BACKUP, *self.RESTORE, *self.REPLACE, *self.KEPT} - {"before step", "after step"})

    def kill(self, point, number, *words):
        """Whether it came that far."""
        done = self.run_it(*words, TTI_LW_FAIL_AT=f"{point}:{number}")
        self.deployment.forget_locks()
        self.assertIn(done.returncode, (0, KILLED), done.stderr)
        return done.returncode == KILLED

    def test_a_backup(self):
        for point in (*self.BACKUP, "before step"):
            passing = 2 if point in ("inside dump", "before step") else 1
            with Kill(TABLE, self, "backup", point, passing):
                archive = self.place / point.replace(" ", "-")
                self.assertTrue(self.kill(point, passing, "backup", archive))
                if point == "after manifest":
                    self.assertEqual(self.run_it("backup", archive).returncode, 6)
                else:
                    self.assertFalse((archive / "manifest.json").exists())
                    refused = self.run_it("restore", archive)
                    self.assertEqual(refused.returncode, 2, refused.stderr)
                    self.assertIn("not finished", refused.stderr)
                    self.assertIn("takes its place", self.run_it("backup", archive).stderr)
                manifest = json.loads((archive / "manifest.json").read_text())
                wanted = json.loads((self.archive / "manifest.json").read_text())
                self.assertEqual([database["schemas"] for database in manifest["databases"]],
                                 [database["schemas"] for database in wanted["databases"]])
                self.assertEqual({file["name"] for file in manifest["files"]} | {"manifest.json"},
                                 {path.name for path in archive.iterdir()} - {"unfinished.json"})

    def test_a_restore(self):
        for point, number in self.RESTORE.items():
            with Kill(TABLE, self, "restore FOLDER", point, number):
                self.deployment.lose()
                self.assertTrue(self.kill(point, number, "restore", self.archive))
                self.good("restore", self.archive)
                self.assert_same()

    def servers_in(self, folder):
        found = []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                if str(folder).encode() in path.read_bytes():
                    found.append(path.parent.name)
            except OSError:
                pass  # it has ended
        return found

    def test_the_servers_of_a_verification_that_was_killed_are_taken_away_by_the_next(self):
        self.assertTrue(self.kill("before step", 3, "backup", "verify", self.archive))
        left, = self.deployment.temporary.iterdir()
        self.assertNotEqual(self.servers_in(left), [])
        self.good("backup", "verify", self.archive)
        self.assertEqual(list(self.deployment.temporary.iterdir()), [])
        self.assertEqual(self.servers_in(left), [])

    def test_no_backup_is_made_of_half_a_restore(self):
        self.deployment.lose()
        self.assertTrue(self.kill("inside restore keys", 1, "restore", self.archive))
        refused = self.run_it("backup", self.place / "half")
        self.assertEqual(refused.returncode, 6, refused.stderr)
        self.assertIn("begun and not finished", refused.stderr)
        self.good("restore", self.archive)
        with self.deployment.redis.client() as client:
            client("SET", f"{N}:acme:tti:restore", "other filling")
        self.assertIn("ttn:v3:acme: was begun", self.run_it("backup", self.place / "half").stderr)
        with self.deployment.redis.client() as client:
            client("DEL", f"{N}:acme:tti:restore")
        self.postgres.psql("stack", "DROP SCHEMA tenant_acme CASCADE; CREATE SCHEMA tenant_acme")
        refused = self.run_it("backup", self.place / "half")
        self.assertEqual(refused.returncode, 6, refused.stderr)
        self.assertIn("schema tenant_acme of tenant acme is empty", refused.stderr)
        self.assertFalse((self.place / "half").exists())
        self.good("restore", self.archive)
        self.assert_same()

    def test_a_restore_that_replaces(self):
        for point in self.REPLACE:
            with Kill(TABLE, self, "restore FOLDER --replace", point, 1):
                self.deployment.postgres.psql("stack", "DELETE FROM users; DELETE FROM tenant_acme.applications")
                with self.deployment.redis.client() as client:
                    client.pipeline([("SET", f"{N}:ns:devices:uid:later-{n}", "x") for n in range(2000)])
                self.assertTrue(self.kill(point, 1, "restore", self.archive, "--replace", "--yes"))
                self.good("restore", self.archive, "--replace", "--yes")
                self.assert_same()


class Refused(Case):
    def copied(self):
        copy = self.place / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.archive, copy)
        return copy

    def test_a_changed_file_is_found_before_anything_is_written(self):
        for name in ("is.tenant_acme.dump", "redis.keys"):
            for cut in (False, True):
                with self.subTest(name=name, cut=cut):
                    copy = self.copied()
                    content = bytearray((copy / name).read_bytes())
                    content[len(content) // 2] ^= 1
                    (copy / name).write_bytes(content[:-1] if cut else content)
                    self.assertEqual(self.run_it("backup", "verify", copy).returncode, 2)
                    self.deployment.lose()
                    before = self.deployment.state()
                    done = self.run_it("restore", copy)
                    self.assertEqual(done.returncode, 2, done.stderr)
                    self.assertIn(name, done.stderr)
                    self.assertEqual(self.deployment.state(), before)
        self.good("restore", self.archive)
        self.assert_same()

    def resealed(self, change):
        """A copy of the archive whose manifest was changed, and its seal is right."""
        copy = self.copied()
        manifest = json.loads((copy / "manifest.json").read_text())
        del manifest["seal"]
        change(copy, manifest)
        text = json.dumps(manifest, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
        manifest["seal"] = hashlib.sha256(text.encode()).hexdigest()
        (copy / "manifest.json").write_text(json.dumps(manifest))
        return copy

    def test_what_does_not_give_back_what_was_there_is_told(self):
        def one_row_more(_, manifest):
            table = next(table for table in manifest["databases"][0]["schemas"][0]["tables"] if table["rows"])
            table["rows"] += 1

        def another_value(_, manifest):
            manifest["redis"]["digest"] = "0" * 16

        for change, told in ((one_row_more, "rows, not"), (another_value, "file of keys")):
            with self.subTest(change=change.__name__):
                done = self.run_it("backup", "verify", self.resealed(change))
                self.assertEqual(done.returncode, 1, done.stderr)
                self.assertIn(told, done.stderr)

    def test_an_extension_that_cannot_be_created_is_told_before_anything_is_cleared(self):
        def needs_an_extension(_, manifest):
            manifest["databases"][0]["extensions"] = ["no_such_extension"]

        self.postgres.psql("stack", "DELETE FROM tenant_acme.end_devices WHERE device_id = 'dev-1'")
        before = self.deployment.state()
        done = self.run_it("restore", self.resealed(needs_an_extension), "--replace", "--yes")
        self.assertEqual(done.returncode, 6, done.stderr)
        self.assertIn("no_such_extension", done.stderr)
        self.assertEqual(self.deployment.state(), before)
        self.good("restore", self.archive, "--replace", "--yes")
        self.assert_same()

    def test_what_an_extension_brought_is_no_difference(self):
        self.postgres.psql("stack", "CREATE EXTENSION pg_stat_statements SCHEMA public", user="postgres")
        self.assertIn("nothing to do", self.good("restore", self.archive))
        self.deployment.lose()
        self.postgres.psql("stack", "CREATE EXTENSION pg_stat_statements SCHEMA public", user="postgres")
        self.good("restore", self.archive)
        self.postgres.psql("stack", "DROP EXTENSION pg_stat_statements", user="postgres")
        self.assert_same()

    def test_a_key_that_is_there_twice_counts_once(self):
        def first_key_twice(copy, manifest):
            path = copy / "redis.keys"
            content = path.read_bytes()
            start = content.index(b"\n") + 1
            key, _, payload = struct.unpack_from("<IqQ", content, start)
            record = content[start:start + 20 + key + payload]
            keys, = struct.unpack("<Q", content[-8:])
            content = content[:start] + record + content[start:-8] + struct.pack("<Q", keys + 1)
            path.write_bytes(content)
            entry = next(file for file in manifest["files"] if file["name"] == "redis.keys")
            entry.update(size=len(content), sha256=hashlib.sha256(content).hexdigest())
            manifest["redis"]["keys"] += 1

        self.assertIn("nothing to do", self.good("restore", self.resealed(first_key_twice)))

    def test_values_of_another_redis_are_not_compared(self):
        def of_another_redis(_, manifest):
            manifest["redis"]["server_version"] = "99.1.0"

        with self.deployment.redis.client() as client:
            client("SET", f"{N}:large:text", "written otherwise")
        copy = self.resealed(of_another_redis)
        told = self.run_it("restore", copy)
        self.assertEqual(told.returncode, 0, told.stderr)
        self.assertIn("were not compared", " ".join(told.stderr.split()))  # wherever the line was broken
        self.good("restore", copy, "--replace", "--yes")
        self.assert_same()

    def test_a_pg_dump_that_is_too_old(self):
        folder = self.place / "old"
        folder.mkdir()
        (folder / "pg_dump").write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.24'\n")
        (folder / "pg_dump").chmod(0o755)
        done = self.run_it("backup", self.place / "none", "--postgres-programs", folder)
        self.assertEqual(done.returncode, 6, done.stderr)
        self.assertIn("9.6.24", done.stderr)
        self.assertIn("postgresql-client-", done.stderr)
        self.assertFalse((self.place / "none").exists())

    def test_databases_that_are_not_empty(self):
        self.deployment.lose()
        self.good("is-db", "migrate")
        with self.deployment.redis.client() as client:
            client("SET", f"{N}:ns:devices:uid:a.b", "x")
        before = self.deployment.state()
        done = self.run_it("restore", self.archive)
        self.assertEqual(done.returncode, 6, done.stderr)
        self.assertIn("schema public", done.stderr)
        self.assertIn("other keys", done.stderr)
        self.assertEqual(self.deployment.state(), before)
        self.good("restore", self.archive, "--replace", "--yes")
        self.assert_same()

    def test_two_at_once(self):
        self.deployment.lose()
        first = self.deployment.start("restore", self.archive, TTI_LW_PAUSE_AT="after restore schema")
        running = "SELECT 1 FROM pg_stat_activity WHERE application_name LIKE 'tti-lw-stack@%' AND query LIKE '%tti.operations%'"
        while first.poll() is None and not self.postgres.psql("stack", running, user="postgres"):
            time.sleep(0.05)
        second = self.run_it("restore", self.archive)
        _, told = first.communicate(timeout=120)
        self.assertEqual(first.returncode, 0, told)
        self.assertEqual(second.returncode, 5, second.stderr)
        self.assert_same()


if __name__ == "__main__":
    unittest.main()
