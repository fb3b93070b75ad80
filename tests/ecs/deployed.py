"""A deployment on the simulated AWS: real databases, the tasks that work on them, and a person's machine that starts these."""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "scenarios"))

from redis_server import PASSWORD as REDIS_PASSWORD  # noqa: E402
from redis_server import Redis  # noqa: E402
from servers import Postgres  # noqa: E402
from simulated_aws import SimulatedAws  # noqa: E402
import witness  # noqa: E402

DATABASE = "stack"
# As Secrets Manager has them: what stands behind the prefix in a secret's name -> its value.
CLIENTS = {f"{name}-oauth-client": {"client_id": f"{name}-eu1", "client_secret": f"{name}-client-hush-7d1f"} for name in ("console", "noc")}
PASSWORD_PARAMETER, ADMIN_PASSWORD = "/ttich/prod/eu1/admin-password", "Correct-Horse-7-hush"


class Deployed:
    def __init__(self, binary):
        self.binary = Path(binary).resolve()
        self.stops = []
        self.folder = Path(tempfile.mkdtemp(prefix="tti-operator-"))
        self.stops.append(lambda: shutil.rmtree(self.folder, ignore_errors=True))
        try:
            self.start()
        except BaseException:
            self.stop()
            raise

    def start(self):
        self.postgres = Postgres.start()
        self.stops.append(self.postgres.stop)
        self.redis = Redis()
        self.stops.append(self.redis.stop)
        self.secrets = {name: json.dumps(value) for name, value in CLIENTS.items()}
        self.secrets.update({"database": self.postgres.uri(DATABASE), "redis-password": REDIS_PASSWORD})
        self.aws = SimulatedAws(
            self.binary, environment={"TTN_LW_REDIS_ADDRESS": self.redis.socket}, secrets=self.secrets,
            task_secrets={"TTN_LW_IS_DATABASE_URI": "database", "TTN_LW_REDIS_PASSWORD": "redis-password"},
            parameters={"/ttich/prod/eu1/domain": "eu1.example.com"}, secure_parameters={PASSWORD_PARAMETER: ADMIN_PASSWORD})
        self.stops.append(self.aws.stop)
        self.stops.append(self.show_tasks)
        self.postgres.create_database(DATABASE)

    def stop(self):
        for stop in reversed(self.stops):
            stop()

    def fresh(self):
        """As if nothing had ever been done: no task, no record, empty databases."""
        self.show_tasks()
        self.aws.reset()
        self.postgres.drop_database(DATABASE)
        self.postgres.create_database(DATABASE)
        with self.redis.client() as client:
            client("FLUSHALL")

    def show_tasks(self):
        """To the witness: what a task logged and left on its disk. What it was started with is as a test gave it, and searched by that."""
        for one in self.aws.tasks():
            witness.saw("task", f"task {one['id']}", json.dumps({what: one[what] for what in ("log", "files")}))

    def operator(self, **variables):
        """Nothing of this machine, and no address of a database."""
        return {"PATH": "/usr/bin:/bin", "HOME": str(self.folder), "LANG": "C.UTF-8", "TZ": "UTC", **self.aws.operator(), **variables}

    def run(self, *words, **variables):
        return witness.run([self.binary, *words], env=self.operator(**variables), cwd=self.folder, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, check=False, timeout=300)

    def run_local(self, *words):
        """The same on the databases themselves, as in the task."""
        return self.run(*words, TTN_LW_IS_DATABASE_URI=self.postgres.uri(DATABASE), TTN_LW_REDIS_ADDRESS=self.redis.socket,
                        TTN_LW_REDIS_PASSWORD=REDIS_PASSWORD)

    def start_here(self, *words, **variables):
        return witness.Program([self.binary, *words], env=self.operator(**variables), cwd=self.folder, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def sql(self, statement):
        return self.postgres.psql(DATABASE, statement)


def until(holds, seconds=120):
    """What `holds` gives as soon as it gives something."""
    deadline = time.monotonic() + seconds
    while True:
        found = holds()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} seconds")
        time.sleep(0.05)
