"""A Redis, a PostgreSQL where one is needed, and the program."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scenarios"))

from client import Client  # noqa: E402
from servers import Postgres  # noqa: E402
import witness  # noqa: E402

FILL = """INSERT INTO applications (id, created_at, updated_at, application_id, name, description)
SELECT gen_random_uuid(), now(), now(), 'farm-' || n, '', '' FROM generate_series(0, 4) n;"""
DEVICE = """INSERT INTO end_devices (id, created_at, updated_at, application_id, device_id)
VALUES (gen_random_uuid(), now(), now(), '{0}', '{1}');"""


class Redis:
    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="tti-model-"))
        self.socket = self.folder / "redis.sock"
        self.process = subprocess.Popen(["redis-server", "--port", "0", "--unixsocket", str(self.socket), "--dir",
                                         str(self.folder), "--save", ""], stdout=subprocess.DEVNULL)
        while True:
            try:
                Client(self.socket).close()
                return
            except OSError:
                time.sleep(0.02)

    def stop(self):
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class IdentityServer:
    """The database alone: who is in it is what the servers may keep."""

    def __init__(self, program):
        self.postgres = Postgres.start()
        self.postgres.create_database("stack")
        program.postgres = self.postgres
        program("is-db", "migrate")
        self.postgres.psql("stack", FILL)

    def add(self, devices):
        self.postgres.psql("stack", "".join(DEVICE.format(*device.uid.split(".")) for device in devices))

    def stop(self):
        self.postgres.stop()


class Program:
    def __init__(self, binary, redis):
        self.binary, self.redis, self.postgres = binary, redis, None

    def __call__(self, *words, exit_code=0):
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.redis.folder), "LANG": "C.UTF-8",
                       "TTN_LW_REDIS_ADDRESS": str(self.redis.socket)}
        if self.postgres:
            environment["TTN_LW_IS_DATABASE_URI"] = self.postgres.uri("stack")
        done = witness.run([self.binary, *words], env=environment, capture_output=True, text=True, check=False,
                              stdin=subprocess.DEVNULL, timeout=240)
        if done.returncode != exit_code:
            raise AssertionError(f"{' '.join(words)} ended with {done.returncode}: {done.stderr[-3000:]}{done.stdout[-3000:]}")
        return done.stdout
