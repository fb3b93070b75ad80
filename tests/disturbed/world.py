"""The servers, the program, and what lies in Redis."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "scenarios"))

from redis_client import Client, RedisError, encode  # noqa: E402
from redis_server import show_journals  # noqa: E402
from servers import Postgres  # noqa: E402
import witness  # noqa: E402

BEGAN = time.time() - 1
KILLED = -9


class Redis:
    def __init__(self, folder, options=(), program="redis-server"):
        self.socket = str(folder / "redis.sock")
        self.command = [program, "--port", "0", "--unixsocket", self.socket, "--dir", str(folder), "--save", "", *options]
        self.run()

    def run(self):
        self.popen = subprocess.Popen(self.command, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while True:
            try:
                self.client = Client(self.socket)
                self.client("PING")
                return
            except (OSError, RedisError):
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.01)

    def stop(self):
        with self.client:
            show_journals(self.client)
            self.popen.kill()
        self.popen.wait()


class World:
    """A Redis, and an Identity Server's database where `postgres` is given; the program on them."""

    def __init__(self, binary, postgres=None, redis=Redis):
        self.binary, self.postgres = binary, postgres
        self.folder = Path(tempfile.mkdtemp(prefix="tti-disturbed-"))
        self.redis = redis(self.folder)
        self.undo = self.folder / "undo"

    def stop(self):
        self.redis.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def fill(self, commands):
        self.redis.client("FLUSHALL")
        self.redis.client.load([commands])
        shutil.rmtree(self.undo, ignore_errors=True)

    def start(self, words, address=None, **variables):
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LANG": "C.UTF-8", "TZ": "UTC",
                       "TTN_LW_REDIS_ADDRESS": str(address or self.redis.socket), **variables}
        if self.postgres:
            environment["TTN_LW_IS_DATABASE_URI"] = self.postgres.uri("stack")
        return witness.Program([self.binary, *words], env=environment, cwd=self.folder, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace")

    def run(self, words, address=None, **variables):
        with self.start(words, address, **variables) as running:
            return ended(running)

    def forget_lock(self):
        """Instead of waiting until the lock of a killed run expires."""
        locks = self.redis.client("KEYS", "*tti:lock:*")
        if locks:
            self.redis.client("DEL", *locks)

    def undo_files(self):
        return sorted(self.undo.glob("*.undo"))

    def state(self):
        """Key -> what it holds, without the program's own."""
        client = self.redis.client
        keys = [key for key in client.scan() if not re.search(rb"(^|:)tti:", key)]
        types = client.pipeline([("TYPE", key) for key in keys])
        expiries = client.pipeline([("PTTL", key) for key in keys])
        values = client.pipeline([READ[kind](key) for key, kind in zip(keys, types)])
        return {key.decode(): (kind.decode(), "expires" if expiry >= 0 else "stays", content(client, kind, key, value))
                for key, kind, expiry, value in zip(keys, types, expiries, values)}


def ended(running, timeout=120):
    try:
        out, err = running.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        running.kill()
        running.communicate()
        raise
    return subprocess.CompletedProcess(running.args, running.returncode, out, err)


READ = {b"string": lambda key: ("GET", key), b"list": lambda key: ("LRANGE", key, 0, -1), b"set": lambda key: ("SMEMBERS", key),
        b"hash": lambda key: ("HGETALL", key), b"zset": lambda key: ("ZRANGE", key, 0, -1, "WITHSCORES"),
        b"stream": lambda key: ("XRANGE", key, "-", "+")}


def content(client, kind, key, value):
    """What a time of writing, or the way to come there, does not change."""
    if kind == b"set":
        return sorted(value)
    if kind == b"hash":
        return sorted(zip(value[::2], value[1::2]))
    if kind == b"zset":
        return sorted((member, "now" if float(score) > BEGAN * 1e9 else score) for member, score in zip(value[::2], value[1::2]))
    if kind == b"stream":
        entries = [("now" if int(entry[0].split(b"-")[0]) > BEGAN * 1e3 else entry[0], entry[1]) for entry in value]
        return entries, [group(client, key, flat) for flat in client("XINFO", "GROUPS", key)]
    return value


def group(client, key, flat):
    fields = dict(zip(flat[::2], flat[1::2]))
    consumers = [dict(zip(one[::2], one[1::2])) for one in client("XINFO", "CONSUMERS", key, fields[b"name"])]
    pending = client("XPENDING", key, fields[b"name"], "-", "+", 100000)
    return (fields[b"name"], fields[b"last-delivered-id"], sorted((one[b"name"], one[b"pending"]) for one in consumers),
            [(item[0], item[1]) for item in pending])


def without_ids(state):
    """An entry of a stream that was brought back has a new ID."""
    return {key: (kind, stays, sorted(entry[1] for entry in held[0]) if kind == "stream" else held)
            for key, (kind, stays, held) in state.items()}


def differences(found, wanted, most=5):
    keys = [key for key in sorted(found.keys() | wanted.keys()) if found.get(key) != wanted.get(key)]
    return [f"{key}: {found.get(key, 'missing')}, not {wanted.get(key, 'missing')}"[:400] for key in keys[:most]]


def encoded(commands):
    return b"".join(encode(*command) for command in commands)


def start_identity_server(known):
    """An Identity Server's database that knows the first `known` devices of deployment.py."""
    postgres = Postgres.start()
    postgres.create_database("stack")
    return postgres, f"""INSERT INTO applications (id, created_at, updated_at, application_id, name, description)
        SELECT gen_random_uuid(), now(), now(), 'app-' || n, '', '' FROM generate_series(0, 2) n;
        INSERT INTO end_devices (id, created_at, updated_at, application_id, device_id)
        SELECT gen_random_uuid(), now(), now(), 'app-' || (n % 3), 'dev-' || n FROM generate_series(0, {known - 1}) n"""
