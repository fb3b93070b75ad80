"""Where a scenario runs: a folder and a database of its own, and the servers that it needs."""

import os
import re
import shutil
import socket
import tempfile
from pathlib import Path

import redis_server
from process import private_folder
from servers import PASSWORD, PgBouncer, Postgres

POSTGRES_NEEDS = {"postgres", "replica", "pgbouncer"}
REDIS_NEEDS = {"redis", "redis-tcp", "redis-replica", "redis-cluster"}
# What reaches the programs from the machine; nothing that could configure them.
KEPT_VARIABLES = ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "LD_LIBRARY_PATH")


class Place:
    """Made before a scenario, taken down after it unless it is to be kept."""

    def __init__(self, scenario, binary, postgres):
        unknown = set(scenario.needs) - POSTGRES_NEEDS - REDIS_NEEDS
        if unknown:
            raise ValueError(f"unknown needs: {', '.join(sorted(unknown))}")
        self.binary, self.postgres = Path(binary).resolve(), postgres
        self.root = Path(tempfile.mkdtemp(prefix="tti-scenario-"))
        self.folder, self.outputs = private_folder(self.root, "folder"), private_folder(self.root, "outputs")
        self.database, self.redis, self.secrets, self.servers = None, None, [], []
        self.closed = socket.socket()  # bound and never listening: who connects is refused at once
        self.closed.bind(("127.0.0.1", 0))
        self.variables = {"binary": str(self.binary), "folder": str(self.folder), "closed_port": str(self.closed.getsockname()[1])}
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
        # A deployment of this machine's, such as the quickstart's, is not this scenario's.
        system = {"TTI_LW_SYSTEM_DATA": str(private_folder(self.root, "system"))}
        return {**kept, **folders, **runtime, **system, "HOME": str(home), "LANG": "C.UTF-8", "TZ": "UTC"}

    def provide(self, scenario):
        if REDIS_NEEDS & set(scenario.needs):
            self.provide_redis(set(scenario.needs), redis_server.options_of(scenario.redis_options))
        if POSTGRES_NEEDS & set(scenario.needs):
            self.provide_postgres(scenario)

    def provide_redis(self, needs, options):
        self.redis = self.run(redis_server.Redis(options, tcp=bool(needs & {"redis-tcp", "redis-replica"})))
        self.secrets.append(redis_server.PASSWORD)
        self.environment |= {"TTN_LW_REDIS_ADDRESS": self.redis.socket, "TTN_LW_REDIS_PASSWORD": redis_server.PASSWORD,
                             "REDISCLI_AUTH": redis_server.PASSWORD}
        self.variables |= {"redis_socket": self.redis.socket, "redis_password": redis_server.PASSWORD,
                           "redis_port": str(self.redis.port)}
        if "redis-replica" in needs:
            self.variables["redis_replica"] = self.run(redis_server.replica_of(self.redis)).socket
        if "redis-cluster" in needs:
            self.variables["redis_cluster"] = self.run(redis_server.cluster()).socket

    def run(self, server):
        self.servers.append(server)
        return server

    def provide_postgres(self, scenario):
        if scenario.postgres_options:
            self.postgres = self.run(Postgres.start(scenario.postgres_options))
        self.database = database_name(scenario.path)
        self.postgres.create_database(self.database)
        self.secrets.append(PASSWORD)
        self.environment["TTN_LW_IS_DATABASE_URI"] = self.postgres.uri(self.database)
        self.variables |= {
            "database": self.database, "database_uri": self.postgres.uri(self.database), "port": str(self.postgres.port),
            "reader_uri": self.postgres.uri(self.database, "reader"), "database_password": PASSWORD,
            "socket_uri": f"postgresql:///{self.database}?host={self.postgres.folder}&port={self.postgres.port}&user=stack"}
        if "replica" in scenario.needs:
            standby = self.run(self.postgres.standby())
            self.variables["replica_uri"] = standby.uri(self.database)
        if "pgbouncer" in scenario.needs:
            pooler = self.run(PgBouncer(self.postgres))
            self.variables["pgbouncer_uri"] = Postgres(pooler.folder, pooler.port).uri(self.database)

    def take_down(self):
        if self.database and self.postgres not in self.servers:
            self.postgres.show_journal(self.database)
            self.postgres.drop_database(self.database)
        for server in reversed(self.servers):
            server.stop()
        self.closed.close()
        shutil.rmtree(self.root, ignore_errors=True)

    def kept(self):
        """What --keep leaves, for the person who asked."""
        database = f", database {self.variables['socket_uri']}" if self.database else ""
        redis = f", Redis {self.redis.socket} (password {redis_server.PASSWORD}, process {self.redis.popen.pid})" if self.redis else ""
        return f"folder {self.root}{database}{redis}"


def database_name(path):
    """Readable, and unique among tests that run at the same time."""
    words = re.sub(r"\W+", "_", "_".join(Path(path).with_suffix("").parts[-2:]).lower())
    return f"{words[:40]}_{os.getpid()}"
