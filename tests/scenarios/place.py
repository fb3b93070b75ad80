"""Where a scenario runs: a folder and a database of its own, and the servers that it needs."""

import os
import re
import shutil
import socket
import tempfile
from pathlib import Path

from process import private_folder
from servers import PASSWORD, PgBouncer, Postgres

KNOWN_NEEDS = {"postgres", "replica", "pgbouncer"}
# What reaches the programs from the machine; nothing that could configure them.
KEPT_VARIABLES = ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "LD_LIBRARY_PATH")


class Place:
    """Made before a scenario, taken down after it unless it is to be kept."""

    def __init__(self, scenario, binary, postgres):
        unknown = set(scenario.needs) - KNOWN_NEEDS
        if unknown:
            raise ValueError(f"unknown needs: {', '.join(sorted(unknown))}")
        self.binary, self.postgres = Path(binary).resolve(), postgres
        self.root = Path(tempfile.mkdtemp(prefix="tti-scenario-"))
        self.folder, self.outputs = private_folder(self.root, "folder"), private_folder(self.root, "outputs")
        self.database, self.secrets, self.servers = None, [], []
        self.closed = socket.socket()  # bound and never listening: who connects is refused at once
        self.closed.bind(("127.0.0.1", 0))
        self.variables = {"folder": str(self.folder), "closed_port": str(self.closed.getsockname()[1])}
        self.environment = self.clean_environment()
        try:
            self.provide(scenario)
        except BaseException:
            self.take_down()
            raise

    def clean_environment(self):
        kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
        home = private_folder(self.root, "home")
        folders = {f"XDG_{name}_HOME": str(home / f".{name.lower()}") for name in ("CONFIG", "DATA", "STATE", "CACHE")}
        runtime = {"XDG_RUNTIME_DIR": str(private_folder(self.root, "runtime")), "TMPDIR": str(private_folder(self.root, "tmp"))}
        self.variables["home"] = str(home)
        return {**kept, **folders, **runtime, "HOME": str(home), "LANG": "C.UTF-8", "TZ": "UTC"}

    def provide(self, scenario):
        if not scenario.needs:
            return
        self.database = database_name(scenario.path)
        self.postgres.create_database(self.database)
        self.secrets.append(PASSWORD)
        self.environment["TTN_LW_IS_DATABASE_URI"] = self.postgres.uri(self.database)
        self.variables |= {
            "database": self.database, "database_uri": self.postgres.uri(self.database), "port": str(self.postgres.port),
            "reader_uri": self.postgres.uri(self.database, "reader"), "database_password": PASSWORD,
            "socket_uri": f"postgresql:///{self.database}?host={self.postgres.folder}&port={self.postgres.port}&user=stack"}
        if "replica" in scenario.needs:
            standby = self.postgres.standby()
            self.servers.append(standby)
            self.variables["replica_uri"] = standby.uri(self.database)
        if "pgbouncer" in scenario.needs:
            pooler = PgBouncer(self.postgres)
            self.servers.append(pooler)
            self.variables["pgbouncer_uri"] = Postgres(pooler.folder, pooler.port).uri(self.database)

    def take_down(self):
        for server in self.servers:
            server.stop()
        if self.database:
            self.postgres.drop_database(self.database)
        self.closed.close()
        shutil.rmtree(self.root, ignore_errors=True)

    def kept(self):
        """What --keep leaves, for the person who asked."""
        return f"folder {self.root}" + (f", database {self.variables['socket_uri']}" if self.database else "")


def database_name(path):
    """Readable, and unique among tests that run at the same time."""
    words = re.sub(r"\W+", "_", "_".join(Path(path).with_suffix("").parts[-2:]).lower())
    return f"{words[:40]}_{os.getpid()}"
