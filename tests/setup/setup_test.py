"""What `setup` makes on an empty machine lets somebody log in by the stack's rules, as checked without the program; and killed
anywhere it ends the same."""

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "scenarios"))
sys.path.insert(0, str(HERE.parent / "disturbed"))

from kill_table import Kill, KillTable  # noqa: E402
from servers import Postgres, program  # noqa: E402
from world import KILLED, Redis  # noqa: E402
import witness  # noqa: E402

BINARY = ""
PASSWORD, CONSOLE_SECRET, NOC_SECRET = "Correct-Hush-Word-7", "console-hush-word", "noc-hush-word"
TIME_SERIES = """
storage: {included: true, chunk-interval: 12h, retention-days: 31}
noc: {included: true, secret-from: env:NOC_SECRET}
"""
DESCRIPTION = """
domain: eu1.example.com
tenancy: {mode: multi}
console: {secret-from: env:CONSOLE_SECRET}
tenants:
  - {id: acme, name: Acme}
  - {id: beta}
admin-users:
  - {id: alice, tenant-id: acme, email: Alice@example.com, name: Alice, password-from: env:ALICE_PASSWORD}
  - {id: bob, tenant-id: beta, email: bob@example.com, password-from: env:ALICE_PASSWORD}
"""
# The stack's numbers: State, and GrantType.
APPROVED, AUTHORIZATION_CODE, REFRESH_TOKEN = 1, 0, 2

TABLE = KillTable("setup")


def tearDownModule():  # pylint: disable=invalid-name
    TABLE.close()


def is_hash_of(stored, secret):
    """As the stack compares: the salt is the text itself, and the texts of the hashes are compared."""
    method, algorithm, iterations, salt, digest = stored.split("$")
    length = len(base64.urlsafe_b64decode(digest + "=" * (-len(digest) % 4)))
    computed = hashlib.pbkdf2_hmac(algorithm, secret.encode(), salt.encode(), int(iterations), length)
    text = base64.urlsafe_b64encode(computed).decode().rstrip("=")
    return method == "PBKDF2" and int(iterations) == 20000 and text == digest


def execute(words, folder, **variables):
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8", "TZ": "UTC", "ALICE_PASSWORD": PASSWORD,
                   "CONSOLE_SECRET": CONSOLE_SECRET, "NOC_SECRET": NOC_SECRET, **variables}
    return witness.run([BINARY, *words], env=environment, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          check=False, timeout=300)


def described(folder, more=""):
    (folder / "eu1.yml").write_text(DESCRIPTION + more, encoding="utf-8")
    return "eu1.yml"


def query(uri, statement):
    """Rows as objects."""
    found = subprocess.run([program("psql"), "-XAtq", "-v", "ON_ERROR_STOP=1", uri, "-c", f"SELECT coalesce(json_agg(r), '[]') FROM ({statement}) r"],
                           capture_output=True, text=True, check=True)
    return json.loads(found.stdout)


class Login(unittest.TestCase):
    """From an empty machine: `local up` brings the servers, `setup` what the stack needs to let alice in."""

    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="tti-setup-"))
        cls.folder.chmod(0o711)
        cls.place = ["--dir", str(cls.folder / "deployment")]
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        up = execute(["local", "up", *cls.place], cls.folder)
        assert up.returncode == 0, up.stderr
        cls.addClassCleanup(execute, ["local", "reset", "--yes", *cls.place], cls.folder)
        variables = json.loads(execute(["local", "env", *cls.place, "--output", "json"], cls.folder).stdout)
        cls.uri = variables["TTN_LW_IS_DATABASE_URI"]
        made = execute(["setup", described(cls.folder, TIME_SERIES), "--yes"], cls.folder, **variables)
        assert made.returncode == 0, made.stderr
        cls.output = made.stdout + made.stderr

    def clients(self, schema):
        rows = query(self.uri, f"SELECT * FROM {schema}.clients WHERE deleted_at IS NULL")
        return {row["client_id"]: row for row in rows}

    def test_the_user_is_found_by_id_and_may_log_in(self):
        # The stack looks an account up by its ID, then the user whose row it names.
        rows = query(self.uri, "SELECT u.* FROM tenant_acme.accounts a JOIN tenant_acme.users u ON u.id = a.account_id "
                               "WHERE a.uid = 'alice' AND a.account_type = 'user' AND a.deleted_at IS NULL AND u.deleted_at IS NULL")
        self.assertEqual(len(rows), 1)
        user = rows[0]
        self.assertTrue(is_hash_of(user["password"], PASSWORD))
        self.assertFalse(is_hash_of(user["password"], PASSWORD + "x"))
        self.assertEqual(user["state"], APPROVED)
        self.assertTrue(user["admin"])
        self.assertEqual(user["primary_email_address"], "Alice@example.com")
        self.assertIsNotNone(user["primary_email_address_validated_at"])
        self.assertFalse(user["require_password_update"])
        self.assertIsNone(user["temporary_password"])

    def test_a_tenant_has_its_own_users_alone(self):
        for schema, users in (("public", []), ("tenant_acme", ["alice"]), ("tenant_beta", ["bob"])):
            found = query(self.uri, f"SELECT account_uid FROM {schema}.user_accounts")
            self.assertEqual([row["account_uid"] for row in found], users, schema)

    def test_the_console_may_exchange_a_code_in_every_tenant(self):
        for schema in ("public", "tenant_acme", "tenant_beta"):
            for name, secret in (("console", CONSOLE_SECRET), ("noc", NOC_SECRET)):
                client = self.clients(schema)[name]
                self.assertTrue(is_hash_of(client["client_secret"], secret))
                self.assertEqual(client["state"], APPROVED)
                self.assertEqual(client["grants"], [AUTHORIZATION_CODE, REFRESH_TOKEN])
                self.assertTrue(client["skip_authorization"] and client["endorsed"])
                # With the Identity Server's own host the stack sends the path alone, else the whole.
                self.assertEqual(client["redirect_uris"], [f"/{name}/oauth/callback", f"https://eu1.example.com/{name}/oauth/callback"])
                self.assertEqual(client["logout_redirect_uris"], [f"/{name}", f"https://eu1.example.com/{name}"])

    def test_the_command_line_interface_is_a_public_client(self):
        client = self.clients("tenant_acme")["cli"]
        self.assertIsNone(client["client_secret"])
        self.assertEqual(client["redirect_uris"], ["local-callback", "code"])

    def test_the_stack_finds_its_migrations_applied(self):
        for schema in ("public", "tenant_acme", "tenant_beta"):
            self.assertEqual(query(self.uri, f"SELECT count(*) FROM {schema}.bun_migrations"), [{"count": 15}])

    def test_no_secret_was_shown(self):
        for secret in (PASSWORD, CONSOLE_SECRET, NOC_SECRET):
            self.assertNotIn(secret, self.output)


class Killed(unittest.TestCase):
    """Where the program is ended: each name of a failure point, and its n-th passing."""

    # Killed within events storage and NOC: tests/scenarios/setup/killed.scenario.
    POINTS = [("before step", 1), ("before step", 2), ("after step", 3), ("after step", 15), ("before step", 20), ("after step", 22),
              ("inside create tenant", 2), ("before step", 34), ("after step", 36)]

    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="tti-setup-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.postgres = Postgres.start()
        cls.addClassCleanup(cls.postgres.stop)
        cls.redis = Redis(cls.folder)
        cls.addClassCleanup(cls.redis.stop)
        cls.file = described(cls.folder)

    def run_setup(self, database, **variables):
        return execute(["setup", self.file, "--yes", "--wait=1m"], self.folder, TTN_LW_IS_DATABASE_URI=self.postgres.uri(database),
                       TTN_LW_REDIS_ADDRESS=self.redis.socket, **variables)

    def fresh(self, database):
        self.postgres.create_database(database)
        self.redis.client("FLUSHALL")

    def state(self, database):
        """Layout and rows, without what a time or a random number made."""
        uri = self.postgres.uri(database)
        layout = subprocess.run([program("pg_dump"), "--schema-only", "--no-owner", uri], capture_output=True, text=True, check=True).stdout
        rows = {}
        for schema in ("public", "tenant_acme", "tenant_beta"):
            rows[schema] = (
                query(uri, f"SELECT client_id, name, redirect_uris, logout_redirect_uris, state, grants, rights FROM {schema}.clients ORDER BY 1"),
                query(uri, f"SELECT account_uid, name, primary_email_address, state, admin FROM {schema}.user_accounts ORDER BY 1"),
                query(uri, f"SELECT name FROM {schema}.bun_migrations ORDER BY 1"))
        rows["register"] = query(uri, "SELECT tenant_id, schema_name, name, state FROM tti.tenants ORDER BY 1")
        keys = {key: self.redis.client("GET", key) for key in sorted(self.redis.client.scan()) if b"schema-version" in key}
        lines = [line for line in layout.splitlines() if "restrict " not in line]
        return lines, rows, keys

    def test_the_end_is_the_same(self):
        self.fresh("undisturbed")
        self.assertEqual(self.run_setup("undisturbed").returncode, 0)
        wanted = self.state("undisturbed")
        for number, (point, passing) in enumerate(self.POINTS):
            with Kill(TABLE, self, "setup", point, passing):
                database = f"killed_{number}"
                self.fresh(database)
                killed = self.run_setup(database, TTI_LW_FAIL_AT=f"{point}:{passing}")
                self.assertEqual(killed.returncode, KILLED, killed.stderr)
                locks = self.redis.client("KEYS", "*tti:lock:*")
                if locks:
                    self.redis.client("DEL", *locks)
                again = self.run_setup(database)
                self.assertEqual(again.returncode, 0, again.stderr)
                self.assertEqual(self.state(database), wanted)
        last = self.run_setup(database)
        self.assertEqual((last.returncode, last.stdout), (0, "nothing to do: eu1.example.com is as described\n"))


if __name__ == "__main__":
    BINARY = str(Path(sys.argv.pop(1)).resolve())
    unittest.main(verbosity=2)
