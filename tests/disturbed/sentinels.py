"""A Redis with a replica, watched by Sentinels that put the replica in its place when it is gone."""

import subprocess
import time

from world import Redis, World

from redis_client import Client, RedisError
from servers import free_port, program

MASTER = "mymaster"
SENTINELS = 3
CONFIGURATION = f"""
sentinel monitor {MASTER} 127.0.0.1 {{primary}} {SENTINELS // 2 + 1}
sentinel down-after-milliseconds {MASTER} 300
sentinel failover-timeout {MASTER} 3000
"""


class Primary(Redis):
    """And its replica, which has every write soon after."""

    def __init__(self, folder):
        self.port, copies = free_port(), folder / "replica"
        super().__init__(folder, ["--port", str(self.port), "--bind", "127.0.0.1", "--repl-diskless-sync-delay", "0"])
        copies.mkdir()
        self.replica_port = free_port()
        self.replica = Redis(copies, ["--port", str(self.replica_port), "--bind", "127.0.0.1", "--replicaof", f"127.0.0.1 {self.port}"])
        self.sentinels = [Sentinel(folder / f"sentinel-{number}", self.port) for number in range(SENTINELS)]
        try:
            until(lambda: all(sentinel.is_ready() for sentinel in self.sentinels))
        except AssertionError:
            self.stop()
            raise

    @property
    def addresses(self):
        return " ".join(f"127.0.0.1:{sentinel.port}" for sentinel in self.sentinels)

    def die(self):
        """And the replica takes its place."""
        with self.client:
            self.popen.kill()
        self.popen.wait()
        until(self.is_replaced)
        self.client = self.replica.client

    def is_replaced(self):
        """Sentinels close a server's connections when they change its part, so this asks on a new one."""
        try:
            with self.replica.client:
                self.replica.client = Client(("127.0.0.1", self.replica_port))
            return self.replica.client("ROLE")[0] == b"master"
        except (OSError, RedisError):
            return False

    def stop(self):
        for sentinel in self.sentinels:
            sentinel.stop()
        self.replica.stop()
        self.popen.kill()
        self.popen.wait()


class Sentinel:
    def __init__(self, folder, primary):
        folder.mkdir()
        self.folder, self.port = folder, free_port()
        file = folder / "sentinel.conf"  # it rewrites this
        file.write_text(f"port {self.port}\nbind 127.0.0.1\ndir {folder}\n{CONFIGURATION.format(primary=primary)}", encoding="utf-8")
        self.popen = subprocess.Popen([program("redis-sentinel"), str(file)], stdout=subprocess.DEVNULL)

    def is_ready(self):
        """It knows the replica and the others."""
        try:
            with Client(("127.0.0.1", self.port)) as client:
                told = client("INFO", "sentinel")
        except (OSError, RedisError):
            return False
        return b"status=ok" in told and b"slaves=1" in told and b"sentinels=%d" % SENTINELS in told

    def stop(self):
        self.popen.kill()
        self.popen.wait()


class WatchedWorld(World):
    """The program knows the Sentinels, and no server."""

    def __init__(self, binary):
        super().__init__(binary, redis=Primary)

    def start(self, words, address=None, **variables):
        return super().start(words, address, TTN_LW_REDIS_FAILOVER_ENABLE="true", TTN_LW_REDIS_FAILOVER_ADDRESSES=self.redis.addresses,
                             TTN_LW_REDIS_FAILOVER_MASTER_NAME=MASTER, **{"TTN_LW_REDIS_ADDRESS": "", **variables})


def until(holds, seconds=30):
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} seconds")
        time.sleep(0.02)
