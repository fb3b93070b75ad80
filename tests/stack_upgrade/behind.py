"""A deployment that is behind in every database, as often as it is asked for, and what lies in it."""

import datetime
import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "disturbed"))

import rows  # noqa: E402
import world  # noqa: E402
from database import is_journal, snapshot  # noqa: E402
from rows import filled  # noqa: E402
from servers import Postgres  # noqa: E402
import witness  # noqa: E402

TENANT = "acme"
DATABASES = ("identity", "messages", "events")
SETTINGS = {"identity": "TTN_LW_IS_DATABASE_URI", "messages": "TTN_LW_AS_PACKAGES_STORAGE_POSTGRES_DATABASE_URI",
            "events": "TTN_LW_NOC_STORE_DATABASE_URI"}

# In whatever schema comes first. Some validations have expired, some were used.
RECORDS = """
INSERT INTO users (created_at, updated_at, primary_email_address, password, password_updated_at, require_password_update, state, admin,
                   temporary_password, name)
    SELECT now(), now(), 'user-' || n || '@example.com', 'x', now(), false, 1, false, '', 'User ' || n FROM generate_series(1, {count}) n;
INSERT INTO organizations (created_at, updated_at, name) SELECT now(), now(), 'Organization ' || n FROM generate_series(1, {count}) n;
INSERT INTO applications (created_at, updated_at, application_id) SELECT now(), now(), 'app-' || n FROM generate_series(1, {count}) n;
INSERT INTO contact_infos (contact_type, contact_method, value, entity_id, entity_type)
    SELECT 1, 1, 'user-' || n || '@example.com', gen_random_uuid(), 'user' FROM generate_series(1, {count}) n;
INSERT INTO contact_info_validations (created_at, updated_at, reference, token, entity_id, entity_type, contact_method, value, used, expires_at)
    SELECT now(), now(), 'reference-' || n, 'token-' || n, gen_random_uuid(), 'user', 1, 'user-' || n || '@example.com', n % 5 = 0,
           CASE WHEN n % 3 = 0 THEN now() - interval '1 day' ELSE now() + interval '90 days' END FROM generate_series(1, {count}) n;
"""
# Release 3.19 had no bookkeeping, and these indexes.
AS_RELEASE_3_19 = """
DROP TABLE bun_migrations, bun_migration_locks;
CREATE UNIQUE INDEX uix_authorization_codes_code ON authorization_codes (code);
CREATE UNIQUE INDEX uix_invitations_email ON invitations (email);
CREATE UNIQUE INDEX uix_invitations_token ON invitations (token);
CREATE INDEX eui_block_index ON eui_blocks (type);
"""
BEFORE_THE_DEMO_REGISTER = """
DROP TABLE storage.demo_applications;
DELETE FROM storage.bun_migrations WHERE name = '20261122000001';
"""


def redis_commands(size):
    """The layouts of every server before their first version, of the default tenant and of another one."""
    yield from rows.old_layouts(size)
    yield from rows.started_at(size)
    yield from rows.session_keys(size)
    yield from rows.claiming(size)
    of_tenant = {"namespace": f"{rows.N}:{TENANT}"}
    yield from filled("ns-old-index", devices=size, layout="3.10", **of_tenant)
    yield from filled("last-invalidations", devices=size, **of_tenant)
    yield from filled("as-devices", devices=size, started=size // 2, **of_tenant)
    yield from filled("js-devices", devices=size, **of_tenant)
    yield from filled("session-keys", devices=size, each=12, **of_tenant)


class Stack(world.World):
    """The servers, and the program with the settings of all databases. Everything is made once and then copied."""

    def __init__(self, binary, size, postgres=Postgres, **redis):
        self.server = postgres.start()
        super().__init__(binary, **redis)
        self.commands = world.encoded(redis_commands(size))
        self.wanted_on, self.wanted = None, None
        for database in DATABASES:
            self.server.create_database(database)
        self.make(size)
        for database in DATABASES:
            self.server.psql("postgres", f"ALTER DATABASE {database} RENAME TO {database}_behind", user="postgres")
        self.reset()

    def stop(self):
        super().stop()
        self.server.stop()

    def make(self, size):
        self.must_run("is-db", "migrate")
        self.must_run("is-db", "create-tenant", f"--id={TENANT}")
        self.must_run("is-db", "migrate", "--rollback", "--yes-destroy", "--target=20221208000000")
        self.must_run("is-db", "migrate", "--rollback", "--yes-destroy", "--target=20220520000000", "--tenant-id=default")
        for schema in ("public", f"tenant_{TENANT}"):
            self.server.psql("identity", f"SET search_path = {schema}; " + RECORDS.format(count=20 * size))
        self.server.psql("identity", AS_RELEASE_3_19)
        self.must_run("storage-db", "init", "--timescaledb.enable-retention-policy", "--timescaledb.retention-days=30")
        self.server.psql("messages", BEFORE_THE_DEMO_REGISTER)
        assert self.run(["noc-db", "init"], TTI_LW_FAIL_AT="inside migration:2").returncode == world.KILLED

    def reset(self):
        """Everything as it was made."""
        for database in DATABASES:
            self.server.psql("postgres", f"DROP DATABASE IF EXISTS {database} WITH (FORCE); "
                             f"CREATE DATABASE {database} OWNER stack TEMPLATE {database}_behind", user="postgres")
        self.fill(self.commands)

    def environment(self, **variables):
        addresses = {setting: self.server.uri(database) for database, setting in SETTINGS.items()}
        return {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LANG": "C.UTF-8", "TZ": "UTC",
                "TTN_LW_REDIS_ADDRESS": self.redis.socket, **addresses, **variables}

    def start(self, words, **variables):
        return witness.Program([self.binary, *words], env=self.environment(**variables), cwd=self.folder, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def run(self, words, address=None, **variables):
        popen = self.start(words, **variables)
        out, err = popen.communicate(timeout=120)
        return subprocess.CompletedProcess(words, popen.returncode, out, err)

    def must_run(self, *words):
        done = self.run(words)
        if done.returncode:
            raise AssertionError(f"{' '.join(words)}: exit {done.returncode}\n{done.stdout[-500:]}{done.stderr[-1500:]}")
        return done

    def everything(self):
        """What an upgrade leaves, as name -> content. Times and numbers that differ from run to run are left out."""
        found = dict(self.state())
        for database in DATABASES:
            lines = [line for line in snapshot(self.server, database) if not is_journal(line) and not differs_each_time(line)]
            found |= {f"{database}: {line}": True for line in lines}
        for schema in ("public", f"tenant_{TENANT}"):
            found[f"e-mail validations of {schema}"] = self.server.psql(
                "identity", f"SELECT to_jsonb(v) - 'id' FROM {schema}.email_validations v ORDER BY 1")
        for database, schema in (("identity", "public"), ("identity", f"tenant_{TENANT}"), ("messages", "storage"), ("events", "noc")):
            found[f"migrations of {schema}"] = self.server.psql(database, f"SELECT name FROM {schema}.bun_migrations ORDER BY 1")
        return found

    def as_it_lies(self):
        """All of it, the program's own too."""
        return self.state(), [snapshot(self.server, database, strictly=True) for database in DATABASES], sorted(self.redis.client.scan())

    def undisturbed(self):
        """What an undisturbed run leaves; made anew when a day has ended, since chunks are named after days."""
        today = datetime.datetime.now(datetime.UTC).date()
        if self.wanted_on != today:
            self.reset()
            self.must_run("upgrade", "--yes")
            self.wanted_on, self.wanted = today, self.everything()
        return self.wanted


def differs_each_time(line):
    """New IDs, times of migrations, and the numbers of groups, which count runs; what matters of them is compared apart."""
    return line.startswith("sequence ") or any(line.startswith(f"rows {table}") for table in (
        "public.email_validations ", f"tenant_{TENANT}.email_validations ", "public.bun_migrations ", f"tenant_{TENANT}.bun_migrations ",
        "storage.bun_migrations ", "noc.bun_migrations "))
