"""Deployments for the tests of archives: filled, lost, and told apart."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "scenarios"))

from database import snapshot  # noqa: E402
from deployment import generate  # noqa: E402
from redis_client import encode  # noqa: E402
from redis_server import PASSWORD, Redis  # noqa: E402
from servers import Postgres  # noqa: E402
import witness  # noqa: E402

N = "ttn:v3"
OWN = re.compile(rb"(^|:)tti:")
TENANTS = ("acme", "beta")
# What an archive does not have: the journal, and the marks that the register's own migration is made with.
NOT_ARCHIVED = re.compile(r"tti\.(operations|bun_migration)|^schema tti$")
ROWS = """INSERT INTO {schema}.applications (id, created_at, updated_at, application_id, name, description)
    SELECT gen_random_uuid(), now(), now(), '{prefix}app-' || n, E'tab\\t\\\\ "quote" ä', '' FROM generate_series(0, 5) n;
    INSERT INTO {schema}.end_devices (id, created_at, updated_at, application_id, device_id)
    SELECT gen_random_uuid(), now(), now(), '{prefix}app-' || (n % 3), 'dev-' || n FROM generate_series(0, 60) n"""


class Deployment:
    """A database and a Redis of its own, in a PostgreSQL that others use too."""

    def __init__(self, binary, postgres, database, name_space=N, redis=Redis, tcp=False):
        self.binary, self.postgres, self.database, self.name_space = binary, postgres, database, name_space
        self.folder = Path(tempfile.mkdtemp(prefix="tti-archive-"))
        self.folder.chmod(0o755)  # throw-away servers run as another user
        self.temporary = self.folder / "tmp"
        self.temporary.mkdir()
        self.redis = redis(["--set-max-intset-entries", "4"], tcp=tcp)
        postgres.create_database(database)

    def stop(self):
        self.redis.stop()
        self.postgres.drop_database(self.database)
        shutil.rmtree(self.folder, ignore_errors=True)

    def lose(self):
        """Everything is gone: databases are new ones."""
        self.postgres.drop_database(self.database)
        self.postgres.create_database(self.database)
        with self.redis.client() as client:
            client("FLUSHALL")

    def environment(self, variables):
        return {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LANG": "C.UTF-8", "TZ": "UTC", "TMPDIR": str(self.temporary),
                "TTN_LW_REDIS_ADDRESS": self.redis.socket, "TTN_LW_REDIS_PASSWORD": PASSWORD,
                "TTN_LW_REDIS_NAMESPACE": self.name_space.replace(":", " "),
                "TTN_LW_IS_DATABASE_URI": self.postgres.uri(self.database), **variables}

    def run(self, *words, **variables):
        return witness.run([self.binary, *map(str, words)], env=self.environment(variables), cwd=self.folder, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, check=False, timeout=180)

    def start(self, *words, **variables):
        return witness.Program([self.binary, *map(str, words)], env=self.environment(variables), cwd=self.folder,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def good(self, *words, **variables):
        done = self.run(*words, **variables)
        if done.returncode != 0:
            raise AssertionError(f"{' '.join(map(str, words))}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def tables(self, without=NOT_ARCHIVED):
        return [line for line in snapshot(self.postgres, self.database, strictly=True) if not without.search(line)]

    @staticmethod
    def expiries(client, keys):
        return client.pipeline([("PEXPIRETIME", key) for key in keys])

    def keys(self, without=OWN):
        """Key below the name space -> what it holds and when it expires."""
        with self.redis.client() as client:
            keys = [key for key in client.scan() if not without.search(key)]
            types = client.pipeline([("TYPE", key) for key in keys])
            expiries = self.expiries(client, keys)
            values = client.pipeline([READ.get(kind, lambda key: ("DUMP", key))(key) for key, kind in zip(keys, types)])
        return {key.decode().removeprefix(self.name_space): (kind, expiry, unordered(kind, value))
                for key, kind, expiry, value in zip(keys, types, expiries, values)}

    def state(self):
        return self.tables(), self.keys()

    def forget_locks(self):
        """Instead of waiting until the locks of a killed run expire."""
        with self.redis.client() as client:
            for key in client("KEYS", "*tti:lock:*"):
                client("DEL", key)


# Sets and hashes come in the order of their server's process; all others have one serialised form.
READ = {b"set": lambda key: ("SMEMBERS", key), b"hash": lambda key: ("HGETALL", key)}


def unordered(kind, value):
    if kind == b"set":
        return sorted(value)
    return sorted(zip(value[::2], value[1::2])) if kind == b"hash" else value


def keys_of_a_server(name_space, expiring):
    for name, *words in (("ns-devices", "--devices", "40"), ("as-devices", "--devices", "40"), ("js-devices", "--devices", "40"),
                         ("session-keys", "--devices", "20", "--listed", "10"), ("legacy-uplinks", "--streams", "3"), ("legacy-keys",)):
        yield from generate(name, [*words, "--namespace", name_space])
    yield from (("HSET", f"{name_space}:large:hash", f"field-{n}", "v" * 80) for n in range(700))
    yield from (("SADD", f"{name_space}:large:set", f"member-{n}") for n in range(700))
    yield from (("ZADD", f"{name_space}:large:zset", n * 1.5, f"member-{n}") for n in range(700))
    yield "SET", f"{name_space}:large:text", b"\x00\xff" * 700_000
    yield "SET", f"{name_space}:expires:late", "x", "PXAT", 4_000_000_000_123
    if expiring:
        yield "SET", f"{name_space}:expires:soon", "x", "PX", expiring
    yield "SET", f"{name_space}:binary:\x01\u00e9 *[a]", "x"


def fill(deployment, expiring=0):
    """Tables of every database, several tenants, keys of every type."""
    good = deployment.good
    good("is-db", "migrate")
    for tenant in TENANTS:
        good("is-db", "create-tenant", "--id", tenant, "--name", tenant)
    good("is-db", "create-oauth-client", "--tenant-id=NULL", "--id=cli", "--name=Command Line Interface", "--no-secret",
         "--redirect-uri=code")
    good("is-db", "create-admin-user", "--id=boss", "--email=boss@example.com", "--password=Secret0123")
    for schema, prefix in (("public", ""), ("tenant_acme", "acme-"), ("tenant_beta", "beta-")):
        deployment.postgres.psql(deployment.database, ROWS.format(schema=schema, prefix=prefix))
    good("storage-db", "init")
    good("storage-db", "demo", "--days", "2", "--devices", "3", "--interval", "6h")
    good("noc-db", "init")
    fill_keys(deployment, expiring)


def fill_keys(deployment, expiring):
    with deployment.redis.client() as client:
        for name_space in (deployment.name_space, *(f"{deployment.name_space}:{tenant}" for tenant in TENANTS)):
            client.load([b"".join(encode(*command) for command in keys_of_a_server(name_space, expiring))])
