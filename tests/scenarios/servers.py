"""Throw-away servers: PostgreSQL, a streaming replica of it, and PgBouncer in front of it."""

import functools
import glob
import json
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import witness

PASSWORD = "database-hush-word"
JOURNAL = r"""SELECT to_regclass('tti.operations') IS NOT NULL AS there \gset
\if :there
SELECT to_json(o) FROM tti.operations o;
\endif
"""
CONFIGURATION = """
fsync = off
full_page_writes = off
synchronous_commit = off
min_wal_size = 32MB
max_wal_size = 128MB
shared_buffers = 48MB
max_connections = 200
listen_addresses = '127.0.0.1'
log_min_messages = warning
timezone = 'UTC'
password_encryption = 'scram-sha-256'
"""
MEMORY, PLENTY = Path("/dev/shm"), 6 << 30
ACCESS = """
local all all trust
local replication all trust
host all all 127.0.0.1/32 scram-sha-256
"""


@functools.cache
def program(name):
    """One of PostgreSQL's newest version: its servers are not on Debian's PATH, and its clients there are a script that chooses one slowly."""
    folders = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[4].split(".")[0]))
    found = shutil.which(name, path=os.pathsep.join(reversed(folders)))
    found = found or shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    if not found:
        raise FileNotFoundError(f"{name} is not installed")
    return found


def as_server_user(arguments):
    """PostgreSQL and PgBouncer refuse to run as root."""
    return ["runuser", "-u", "postgres", "--", *arguments] if os.geteuid() == 0 else arguments


def memory_is_plenty():
    meminfo = Path("/proc/meminfo").read_text(encoding="ascii")
    available = int(re.search(r"^MemAvailable:\s+(\d+) kB", meminfo, re.MULTILINE)[1]) << 10
    return min(available, shutil.disk_usage(MEMORY).free) > PLENTY


def server_folder(name):
    """In memory where there is plenty: most of what a database for each test costs is the making of its files."""
    in_memory = os.access(MEMORY, os.W_OK) and memory_is_plenty()
    folder = Path(tempfile.mkdtemp(prefix=f"tti-{name}-", dir=MEMORY if in_memory else None))
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
    folder.chmod(0o755)
    return folder


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def call(arguments):
    done = subprocess.run(as_server_user(arguments), cwd="/", stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          stdin=subprocess.DEVNULL, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{arguments[0]} failed: {done.stdout}")


def write_as_server_user(path, text):
    subprocess.run(as_server_user(["tee", str(path)]), input=text, stdout=subprocess.DEVNULL, text=True, check=True)


class Postgres:
    """A running server in a folder of its own; any process that knows folder and port can use it."""

    programs = None  # the folder of another version's; without it the machine's newest

    def __init__(self, folder, port, options=()):
        self.folder, self.port, self.options = Path(folder), port, options

    @property
    def data(self):
        return self.folder / "data"

    @classmethod
    def program(cls, name):
        return str(cls.programs / name) if cls.programs else program(name)

    @classmethod
    def start(cls, options=()):
        """With `options`, lines of postgresql.conf, it is there for one scenario, whose role may change the server."""
        server = cls(server_folder("postgres"), free_port(), options)
        call([server.program("initdb"), "-D", str(server.data), "-U", "postgres", "--auth=trust", "--no-sync",
              "--encoding=UTF8", "--locale=C.UTF-8"])
        server.run()
        rights = "SUPERUSER" if options else ""
        server.psql("postgres", f"CREATE ROLE stack LOGIN REPLICATION {rights} PASSWORD '{PASSWORD}'", user="postgres")
        server.psql("postgres", f"CREATE ROLE reader LOGIN PASSWORD '{PASSWORD}'", user="postgres")
        return server

    def run(self):
        write_as_server_user(self.data / "postgresql.auto.conf", CONFIGURATION + "".join(f"{line}\n" for line in self.options))
        write_as_server_user(self.data / "pg_hba.conf", ACCESS)
        call([self.program("pg_ctl"), "-D", str(self.data), "-w", "-l", str(self.folder / "log"),
              "-o", f"-p {self.port} -k {self.folder}", "start"])

    def stop(self):
        if (self.data / "postmaster.pid").exists():
            self.show_everything()
            call([self.program("pg_ctl"), "-D", str(self.data), "-w", "-m", "immediate", "stop"])
        shutil.rmtree(self.folder, ignore_errors=True)

    def show_everything(self):
        """To the witness, before it is gone."""
        witness.saw("server log", "PostgreSQL", (self.folder / "log").read_bytes())
        try:
            for name in self.psql("postgres", "SELECT datname FROM pg_database WHERE datallowconn AND datname !~ '^template'", user="postgres"):
                self.show_journal(name)
        except RuntimeError:  # a test has made it refuse everybody
            pass

    def show_journal(self, database):
        for row in self.psql(database, JOURNAL, user="postgres"):
            witness.saw("journal", f"tti.operations in {database}", row)

    def standby(self, follows=False):
        """A copy: it answers, and refuses every write. One that `follows` has every write of the primary."""
        options = (f"primary_conninfo = 'host={self.folder} port={self.port} user=postgres'",) if follows else ()
        copy = Postgres(server_folder("standby"), free_port(), options)
        call([program("pg_basebackup"), "-D", str(copy.data), "-h", str(self.folder), "-p", str(self.port),
              "-U", "postgres", "--checkpoint=fast", "--wal-method=stream", "--no-sync"])
        write_as_server_user(copy.data / "standby.signal", "")
        copy.run()
        return copy

    def psql_command(self, database, user="stack"):
        return [program("psql"), "-X", "-q", "-A", "-t", "-F", " | ", "-P", "null=NULL", "-v", "ON_ERROR_STOP=1",
                "-d", f"host={self.folder} port={self.port} dbname={database} user={user}"]

    def psql(self, database, sql, user="stack"):
        """The rows as lines, columns separated by ' | '."""
        done = subprocess.run(self.psql_command(database, user), input=sql, capture_output=True, text=True, check=False,
                              env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"})
        if done.returncode != 0:
            raise RuntimeError(done.stderr.strip())
        return done.stdout.splitlines()

    def create_database(self, name):
        self.psql("postgres", f'CREATE DATABASE "{name}" OWNER stack TEMPLATE template0', user="postgres")

    def drop_database(self, name):
        self.psql("postgres", f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', user="postgres")

    def uri(self, database, user="stack"):
        return f"postgresql://{user}:{PASSWORD}@127.0.0.1:{self.port}/{database}?sslmode=disable"

    def save(self, path):
        Path(path).write_text(json.dumps({"folder": str(self.folder), "port": self.port}), encoding="utf-8")

    @classmethod
    def load(cls, path):
        return cls(**json.loads(Path(path).read_text(encoding="utf-8")))


class PgBouncer:
    """A pooler in transaction mode in front of a server."""

    def __init__(self, postgres):
        self.folder, self.port = server_folder("pgbouncer"), free_port()
        (self.folder / "pgbouncer.ini").write_text(
            f"[databases]\n* = host={postgres.folder} port={postgres.port} user=stack\n"
            f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {self.port}\nunix_socket_dir =\n"
            "auth_type = any\npool_mode = transaction\ndefault_pool_size = 4\n", encoding="utf-8")
        self.popen = subprocess.Popen(as_server_user([program("pgbouncer"), str(self.folder / "pgbouncer.ini")]),
                                      cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for_port(self.port)

    def stop(self):
        self.popen.send_signal(signal.SIGTERM)  # runuser passes it on
        self.popen.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def wait_for_port(port, seconds=10):
    deadline = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
