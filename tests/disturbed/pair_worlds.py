"""What pairs of commands run on: the databases, and a model of the stack that writes beside them."""

import contextlib
import re
import subprocess
import sys
import threading
from pathlib import Path

from world import World as RedisWorld
from world import encoded, ended, start_identity_server

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "running_stack"))

from client import Client  # noqa: E402
from devices import Device, as_key, create_commands, js_key, ns_key  # noqa: E402
from postgres_world import Databases  # noqa: E402
from rows import KNOWN  # noqa: E402
from writers import ApplicationServer, JoinServer, NetworkServer, check_kept  # noqa: E402

SIZE = 12          # of what the commands work on
DEVICES = 40       # of the model
FIRST = 70_000     # number of the first of them: their addresses are nobody else's
# What the model writes, by the group whose database it is; each is acknowledged by a line.
STATEMENTS = {
    "is-db": """INSERT INTO applications (id, created_at, updated_at, application_id) VALUES (md5('farm-{n}')::uuid, now(), now(), 'farm-{n}')
        RETURNING application_id;
        UPDATE applications SET updated_at = now() WHERE application_id = 'farm-{n}';""",
    "storage-db": """INSERT INTO storage.messages (received_at, application_id, device_id, type, message)
        VALUES (now(), 'farm', 'farm-{n}', 'uplink_message', '{{}}') RETURNING device_id;""",
    "noc-db": """INSERT INTO noc.end_device_data_uplink (received_at, tenant_id, application_id, device_id, f_cnt, frames_lost, frequency, data_rate,
        airtime_us, rssi, snr) VALUES (now(), 'farm', 'app', 'farm-{n}', 1, 0, 868100000, 'SF7BW125', 1000, 1, 5) RETURNING device_id;""",
}
PARTITION = re.compile(r"_(p\d{8}t\d{6}|default)(?![a-z])")
FRESH = re.compile(r'"refreshed_at": (null|"now")')
TABLES = {"is-db": "SELECT application_id FROM applications", "storage-db": "SELECT device_id FROM storage.messages",
          "noc-db": "SELECT device_id FROM noc.end_device_data_uplink"}


class SqlModel(threading.Thread):
    """One client that writes a row after the other. What it was told is stored has to be there at the end."""

    def __init__(self, world_, group):
        super().__init__(daemon=True)
        self.statement, self.ending, self.stored = STATEMENTS[group], threading.Event(), []
        command = [word for word in world_.server.psql_command(world_.name) if word != "ON_ERROR_STOP=1"]
        command.remove("-v")
        self.psql = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    def run(self):
        number = 0
        while not self.ending.is_set():
            number += 1
            self.psql.stdin.write(self.statement.format(n=number) + "\n\\echo done\n")
            self.psql.stdin.flush()
            for line in iter(self.psql.stdout.readline, "done\n"):
                if not line:
                    return
                self.stored.append(line.strip())
            self.ending.wait(0.01)

    def end(self):
        self.ending.set()
        self.join()
        self.psql.communicate("\\q\n")


class PostgresPairs:
    def __init__(self, binary, group):
        self.databases, self.group, self.world, self.sql_model = Databases(binary), group, None, None

    def stop(self):
        self.databases.stop()

    def fill(self, fixture_of, rows):
        self.world = self.databases.world("pair", fixture_of.fixture)
        self.world.fill()
        for before in {row.before for row in rows if row.before}:
            self.world.must(*before.split())

    def words(self, row):
        return [*row.words.split(), *(["--from", str(self.world.undo_files()[0])] if row.before else [])]

    def start(self, words, row):
        return self.world.start(words, **dict(row.variables))

    @staticmethod
    def ended(process):
        with process:
            done = ended(process)
        return done.returncode, done.stderr[-600:]

    @contextlib.contextmanager
    def model(self):
        self.sql_model = SqlModel(self.world, self.group)
        self.sql_model.start()
        try:
            yield
        finally:
            self.sql_model.end()

    def check_model(self, test):
        if self.sql_model.stored:  # else the table was not there
            test.assertEqual(set(self.sql_model.stored) - set(self.world.sql(TABLES[self.group])), set(), "rows of the running stack are gone")

    def state(self):
        """What the model wrote is left out, and what it made due: a partition (a row is of its table, whatever part it lies in), and a roll-up."""
        lines = [FRESH.sub("", PARTITION.sub("", line)) for line in self.world.state() if "farm" not in line and "roll_up_changes" not in line]
        return [line for line in lines if line.startswith("row ")] + sorted({line for line in lines if not line.startswith("row ")})


class RedisPairs:
    def __init__(self, binary, group):
        self.postgres, sql = start_identity_server(KNOWN)
        self.world, self.group, self.fixtures = RedisWorld(binary, self.postgres), group, {}
        self.devices, self.writers, self.redis = [], [], Client(self.world.redis.socket)
        self.world.run(["is-db", "migrate"])
        self.postgres.psql("stack", sql)
        self.postgres.psql("stack", f"""INSERT INTO applications (id, created_at, updated_at, application_id, name, description)
            SELECT gen_random_uuid(), now(), now(), 'farm-' || n, '', '' FROM generate_series(0, 4) n;
            INSERT INTO end_devices (id, created_at, updated_at, application_id, device_id)
            SELECT gen_random_uuid(), now(), now(), 'farm-' || n % 5, 'dev-' || to_char(n, 'FM00000') FROM generate_series({FIRST}, {FIRST + DEVICES}) n""")

    def stop(self):
        self.redis.close()
        self.world.stop()
        self.postgres.stop()

    def fill(self, fixture_of, rows):
        if fixture_of not in self.fixtures:
            self.fixtures[fixture_of] = encoded(fixture_of.fixture(SIZE))
        self.world.fill(self.fixtures[fixture_of])
        for row in rows:
            if row.before:
                self.must([*row.before.split(), "--undo-to", str(self.world.undo)])
        self.devices = [Device(FIRST + number) for number in range(DEVICES)]
        self.redis.pipeline([command for device in self.devices for command in create_commands(device)])

    def must(self, words):
        done = self.world.run(words)
        if done.returncode != 0:
            raise AssertionError(f"{words} ended with {done.returncode}: {done.stderr[-1000:]}")

    def words(self, row):
        words = row.words.split()
        if row.undo:
            words += ["--undo-to", str(self.world.undo)]
        if row.before:
            words.insert(1, str(self.world.undo_files()[0]))
        return words

    def start(self, words, _):
        return self.world.start(words)

    @staticmethod
    def ended(process):
        with process:
            _, told = process.communicate(timeout=120)
        return process.returncode, told[-600:]

    @contextlib.contextmanager
    def model(self):
        server = {"ns-db": NetworkServer, "as-db": ApplicationServer, "js-db": JoinServer}.get(self.group)
        self.writers = [server(self.world.redis.socket, self.devices, 1)] if server else []
        for writer in self.writers:
            writer.start()
        try:
            yield
        finally:
            for writer in self.writers:
                writer.end()

    def check_model(self, test):
        key_of = {"ns-db": ns_key, "as-db": as_key}.get(self.group)
        for device in self.devices:
            if key_of:
                value = self.redis("GET", key_of(device))
                if device.alive:
                    check_kept(value, device)
                else:
                    test.assertIsNone(value, f"{device.uid} came back")
            for identifier in device.session_keys:
                test.assertEqual(self.redis("EXISTS", JoinServer.key(device, identifier)), 1, device.uid)
        test.assertEqual(self.redis("EXISTS", *map(js_key, self.devices)), DEVICES)

    def state(self):
        """Lines, without the model's devices."""
        own = {"farm-"} | {device.join_first for device in self.devices} | {device.dev_first for device in self.devices}
        kept = {key: without_model(held) for key, held in self.world.state().items() if not any(name in key for name in own)}
        return [f"{key}: {held}" for key, held in sorted(kept.items()) if held is not None]


def without_model(held):
    kind, stays, content = held
    if isinstance(content, list):
        content = [entry for entry in content if "farm-" not in str(entry)]
    return None if "farm-" in str(content) or content == [] else (kind, stays, content)
