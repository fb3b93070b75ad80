"""A throw-away PostgreSQL that is as durable as an operator's; the test server's is not."""

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "tests" / "scenarios"))  # which has a place.py too

from servers import Postgres, call, free_port, program, server_folder, write_as_server_user  # noqa: E402

# Checkpoints and statistics come when the bench asks for them, so that runs are alike.
CONFIGURATION = """
fsync = {fsync}
shared_buffers = 512MB
max_wal_size = 8GB
checkpoint_timeout = 1h
autovacuum = off
max_connections = 100
listen_addresses = ''
log_min_messages = fatal
timezone = 'UTC'
"""


class Server(Postgres):
    fsync = "on"

    @classmethod
    def start(cls):
        server = cls(server_folder("bench"), free_port())
        call([program("initdb"), "-D", str(server.data), "-U", "stack", "--auth=trust", "--no-sync",
              "--encoding=UTF8", "--locale=C.UTF-8"])
        server.run()
        return server

    def run(self):
        write_as_server_user(self.data / "postgresql.auto.conf", CONFIGURATION.format(fsync=self.fsync))
        call([program("pg_ctl"), "-D", str(self.data), "-w", "-l", str(self.folder / "log"),
              "-o", f"-p {self.port} -k {self.folder}", "start"])

    def cpu_seconds(self):
        """What the server has used so far, with all its processes, those that have ended too."""
        first = int((self.data / "postmaster.pid").read_text(encoding="utf-8").split()[0])
        children = Path(f"/proc/{first}/task/{first}/children").read_text(encoding="ascii").split()
        return sum(map(used_ticks, [first, *children])) / os.sysconf("SC_CLK_TCK")

    def socket_uri(self, database):
        return f"postgresql://stack@/{database}?host={self.folder}&port={self.port}"

    @contextlib.contextmanager
    def hurried(self):
        """For what is prepared: nothing is durable before its end, and everything is then."""
        self.configure("off")
        yield
        self.psql("postgres", "CHECKPOINT")
        subprocess.run(["sync", "-f", str(self.data)], check=True)
        self.configure(self.fsync)

    def configure(self, fsync):
        write_as_server_user(self.data / "postgresql.auto.conf", CONFIGURATION.format(fsync=fsync))
        call([program("pg_ctl"), "-D", str(self.data), "reload"])
        while self.psql("postgres", "SHOW fsync") != [fsync]:
            time.sleep(0.01)

    def create(self, database, template="template0"):
        """A database, or a copy of one, with nothing left to be written behind the measured run's back."""
        with self.hurried():
            self.drop(database)
            self.psql("postgres", f'CREATE DATABASE "{database}" TEMPLATE "{template}" STRATEGY FILE_COPY')

    def drop(self, *databases):
        for database in databases:
            self.psql("postgres", f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def file_command(self, database, file, **variables):
        """What psql needs to run a file, each statement as the file has it."""
        given = [word for name, value in variables.items() for word in ("-v", f"{name}={value}")]
        return [*self.psql_command(database), *given, "-f", str(file)]


def used_ticks(process):
    """Of a process and of its children that it has waited for (proc(5)); none of one that ends just now, its parent tells it then."""
    try:
        told = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return sum(map(int, told.rpartition(")")[2].split()[11:15]))
