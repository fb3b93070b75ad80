"""What a topic works with: the binary, the server, a folder, and how much of everything."""

import os
from dataclasses import dataclass
from pathlib import Path

import measure
from redis_server import Redis
from server import Server

SQL = Path(__file__).resolve().parent / "sql"


@dataclass
class Place:
    binary: Path
    programs: Path  # the bench's own (CMakeLists.txt)
    migrations: Path
    server: Server
    folder: Path
    scale: float
    runs: int
    sizes: list[int]  # of which growth is measured
    redis_server: Redis | None = None

    def redis(self):
        """Empty; made for the first topic that asks."""
        if self.redis_server is None:
            self.redis_server = Redis()
        self.redis_server.ask("FLUSHALL")
        return self.redis_server

    def stop(self):
        if self.redis_server:
            self.redis_server.stop()

    def scaled(self, number):
        return max(1, round(number * self.scale))

    def environment(self, database=None):
        """Nothing of the machine's that could configure the program."""
        folders = {"HOME": str(self.folder), "XDG_STATE_HOME": str(self.folder / "state")}
        uri = {"TTN_LW_IS_DATABASE_URI": self.server.socket_uri(database)} if database else {}
        return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **folders, **uri}

    def ours(self, database, *words, meanwhile=None):
        return measure.run([self.binary, "is-db", *words], self.environment(database), meanwhile)

    def ours_redis(self, *words, database=None):
        address = {"TTN_LW_REDIS_ADDRESS": str(self.redis_server.socket)}
        return measure.run([self.binary, *words], self.environment(database) | address)

    def bare(self, database, file, meanwhile=None, **variables):
        return measure.run(self.server.file_command(database, file, **variables), self.environment(), meanwhile)

    def fill(self, database, file, **variables):
        """Rows by the file, then everything written and counted, as in a database that has been there for long."""
        with self.server.hurried():
            self.bare(database, file, **variables)
            self.server.psql(database, "VACUUM ANALYZE")

    def up_files(self):
        """The migrations on an empty database, in their order."""
        files = sorted(self.migrations.glob("*.up.sql"))
        return [file for file in files if "v3_19" not in file.name]
