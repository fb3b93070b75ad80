"""The Redis servers of a scenario: throw-away ones on unix sockets, with a password."""

import os
import shlex
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import witness
from redis_client import Client, RedisError
from servers import free_port, program

PASSWORD = "redis-hush-word"


class Redis:
    """A running server in a folder of its own. With `tcp` it listens on a port of the loopback too."""

    program = None  # another version's; without it the machine's

    def __init__(self, options=(), tcp=False):
        self.folder = Path(tempfile.mkdtemp(prefix="tti-redis-"))
        self.socket, self.port = str(self.folder / "socket"), free_port() if tcp else 0
        with open(self.folder / "log", "wb") as log:
            self.popen = self.start(options, log)
        self.until(lambda client: client("PING") == b"PONG")

    def start(self, options, log):
        return subprocess.Popen(
            [self.program or program("redis-server"), "--port", str(self.port), "--bind", "127.0.0.1", "--unixsocket", self.socket,
             "--dir", str(self.folder), "--save", "", "--requirepass", PASSWORD, "--masterauth", PASSWORD, *options],
            cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            start_new_session=True)

    def until(self, holds):
        deadline = time.monotonic() + 10
        while True:
            try:
                with self.client() as client:
                    if holds(client):
                        return
            except (OSError, RedisError):
                pass
            if self.popen.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("redis-server did not start:\n" + (self.folder / "log").read_text(encoding="utf-8"))
            time.sleep(0.005)

    def client(self):
        return Client(self.socket, PASSWORD)

    def ask(self, words):
        """What redis-cli prints, as lines."""
        done = subprocess.run(["redis-cli", "--raw", "-s", self.socket, *words], capture_output=True, check=False,
                              env={"PATH": os.environ["PATH"], "REDISCLI_AUTH": PASSWORD}, timeout=60)
        return done.stdout.decode(errors="replace").splitlines()

    def stop(self):
        witness.saw("server log", "Redis", (self.folder / "log").read_bytes())
        if self.popen.poll() is None:
            with self.client() as client:
                show_journals(client)
        self.popen.kill()
        self.popen.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def show_journals(client):
    """To the witness, before they are gone. Every run that writes has an entry in its tenant's stream."""
    try:
        for key in client.scan():
            if key.endswith(b"tti:operations"):
                for _, fields in client("XRANGE", key, "-", "+"):
                    witness.saw("journal", key.decode(errors="replace"), b" ".join(fields))
    except RedisError:  # a test has made it refuse everything
        pass


def replica_of(primary):
    """A copy that answers and refuses every write."""
    copy = Redis(["--replicaof", f"127.0.0.1 {primary.port}"])
    copy.until(lambda client: b"master_link_status:up" in client("INFO", "replication"))
    return copy


def cluster():
    """One server in cluster mode that has every slot."""
    server = Redis(["--cluster-enabled", "yes", "--cluster-port", str(free_port())], tcp=True)
    with server.client() as client:
        client("CLUSTER", "ADDSLOTSRANGE", 0, 16383)
    server.until(lambda client: b"cluster_state:ok" in client("CLUSTER", "INFO"))
    return server


def options_of(lines):
    """The words of `redis option:` lines."""
    return [word for line in lines for word in shlex.split(line)]
