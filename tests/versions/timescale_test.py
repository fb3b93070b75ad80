"""What doctor says of TimescaleDB's version, licence and workers: timescale_test.py BINARY MODULES-FOLDER

Nothing that can be fetched has several versions of TimescaleDB, or reads its licence from a file. So the server gets an extension of that name that has
versions and no content, and settings that nothing but doctor reads."""

import json
import os
import sys
import unittest

sys.dont_write_bytecode = True

import other  # noqa: E402  finds what follows
from servers import call  # noqa: E402
import witness  # noqa: E402

TOO_OLD, OLD, NEW = "2.12.0", "2.22.0", "2.23.0"


class Timescale(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        kind = other.postgres("16", cls.addClassCleanup)
        cls.extensions = kind.programs.parent / "share/postgresql/extension"
        cls.server = kind.start(options=["timescaledb.license = 'timescale'", "timescaledb.max_background_workers = 16"])
        cls.addClassCleanup(cls.server.stop)
        cls.server.create_database("stack")

    def setUp(self):
        self.server.psql("stack", "DROP EXTENSION IF EXISTS timescaledb")

    def have(self, version):
        """The files of that version, and of the way to it from older ones."""
        (self.extensions / "timescaledb.control").write_text(f"default_version = '{version}'\n", encoding="utf-8")
        for name in (version, *(f"{older}--{version}" for older in (TOO_OLD, OLD) if older != version)):
            (self.extensions / f"timescaledb--{name}.sql").write_text("", encoding="utf-8")

    def change(self, statement):
        self.server.psql("stack", statement)
        call([self.server.program("pg_ctl"), "-D", str(self.server.data), "-w", "-m", "fast", "-l", str(self.server.folder / "log"), "restart"])

    def look(self, code=3):
        done = witness.run([other.BINARY, "doctor", "--only", "timescaledb", "--output", "json"], capture_output=True, text=True, check=False,
                              env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", "TTN_LW_IS_DATABASE_URI": self.server.uri("stack")})
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return json.loads(done.stdout.splitlines()[-1])["findings"]

    def create(self, version):
        self.have(version)
        self.server.psql("stack", "CREATE EXTENSION timescaledb")

    def test_one_that_is_too_old_for_postgres_16_is_updated(self):
        self.create(TOO_OLD)
        [finding] = self.look()
        self.assertEqual((finding["severity"], finding["evidence"]), ("error", f"TimescaleDB {TOO_OLD}, timescaledb.license = timescale"))
        self.assertEqual(finding["mend"]["text"], "Install TimescaleDB 2.13.1 or newer, then ALTER EXTENSION timescaledb UPDATE.")
        self.have(NEW)
        self.server.psql("stack", "ALTER EXTENSION timescaledb UPDATE")
        self.assertEqual(self.look(code=0), [])

    def test_a_newer_one_that_is_installed_is_used(self):
        self.create(OLD)
        self.have(NEW)
        [finding] = self.look(code=0)
        self.assertEqual((finding["severity"], finding["evidence"]), ("note", f"installed {OLD}, available {NEW}"))
        self.server.psql("stack", finding["mend"]["text"])
        self.assertEqual(self.look(code=0), [])

    def test_the_licence_without_policies(self):
        self.create(NEW)
        self.change("ALTER SYSTEM SET timescaledb.license = 'apache'")
        [finding] = self.look(code=0)
        self.assertEqual((finding["severity"], finding["evidence"]), ("note", f"TimescaleDB {NEW}, timescaledb.license = apache"))
        self.assertEqual(finding["mend"]["text"], "tti-lw-stack storage-db maintain")
        self.assertIn("set timescaledb.license to timescale", finding["mend"]["remark"])
        self.change("ALTER SYSTEM SET timescaledb.license = 'timescale'")
        self.assertEqual(self.look(code=0), [])

    def test_a_server_without_workers(self):
        self.create(NEW)
        self.change("ALTER SYSTEM SET timescaledb.max_background_workers = 0")
        [finding] = self.look()
        self.assertEqual((finding["severity"], finding["evidence"]), ("error", "timescaledb.max_background_workers = 0"))
        self.change(finding["mend"]["text"])
        self.assertEqual(self.look(code=0), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
