"""PostgreSQL, a database for each row of the table, and the program on it."""

import os
import shutil
import subprocess
import tempfile
import threading
from pathlib import Path

from world import ended  # finds what follows

from normal_form import state
from servers import PASSWORD, Postgres
import witness

SECRET = "Correct-Hush-Word-7"  # of what the commands make


class Databases:
    """One server. What a fixture makes is made once, and copied for each run."""

    def __init__(self, binary, options=(), parameters="sslmode=disable"):
        self.binary, self.server, self.parameters = binary, Postgres.start(options), parameters
        self.guard, self.made, self.folder = threading.Lock(), set(), Path(tempfile.mkdtemp(prefix="tti-disturbed-"))

    def stop(self):
        self.server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def template(self, fixture):
        name = f"fixture_{fixture.__name__}"
        with self.guard:
            if name not in self.made:
                made = World(self, name)
                self.server.create_database(name)
                fixture(made)
                self.made.add(name)
        return name

    def world(self, name, fixture):
        return World(self, name, self.template(fixture))


class World:
    """A database, and a folder for undo files."""

    def __init__(self, databases, name, template=None):
        self.databases, self.server, self.name, self.template = databases, databases.server, name, template
        self.folder = databases.folder / name
        self.folder.mkdir(exist_ok=True)
        self.undo = self.folder / "undo"

    def fill(self):
        self.server.psql("postgres", f'''DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE);
                                         CREATE DATABASE "{self.name}" OWNER stack TEMPLATE "{self.template}"''', user="postgres")
        shutil.rmtree(self.undo, ignore_errors=True)

    def stop(self):
        self.server.drop_database(self.name)

    def sql(self, statements):
        return self.server.psql(self.name, statements)

    def uri(self, port=None):
        return f"postgresql://stack:{PASSWORD}@127.0.0.1:{port or self.server.port}/{self.name}?connect_timeout=5&{self.databases.parameters}"

    def start(self, words, uri=None, **variables):
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LANG": "C.UTF-8", "TZ": "UTC", "SECRET": SECRET,
                       "TTN_LW_IS_DATABASE_URI": uri or self.uri(), **variables}
        return witness.Program([self.databases.binary, *words], env=environment, cwd=self.folder, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace")

    def run(self, words, uri=None, **variables):
        with self.start(words, uri, **variables) as running:
            return ended(running)

    def must(self, *words, **variables):
        done = self.run(words, **variables)
        if done.returncode != 0:
            raise AssertionError(f"{' '.join(words)} ended with {done.returncode}: {done.stdout[-500:]}{done.stderr[-1500:]}")

    def undo_files(self):
        return sorted(self.undo.glob("*.undo"))

    def state(self):
        return state(self.server, self.name)
