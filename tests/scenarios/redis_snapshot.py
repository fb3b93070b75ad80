"""What a scenario sees of its Redis: every key before and after a command, and what the command sent."""

import hashlib
import re
from dataclasses import dataclass

from redis_client import raised

OWN_KEY = re.compile(rb"(^|:)tti:")
# Types whose serialised form depends on how the server came to hold them.
CONTENTS = {b"set": lambda client, key: sorted(client("SMEMBERS", key)),
            b"hash": lambda client, key: sorted(pairs(client("HGETALL", key))),
            b"zset": lambda client, key: client("ZRANGE", key, 0, -1, "WITHSCORES")}


def pairs(flat):
    return list(zip(flat[::2], flat[1::2]))


def snapshot(server, strictly=False):
    """A line for each key of each database, sorted. Our own keys are left out unless `strictly`."""
    lines = []
    with server.client() as client:
        for database in re.findall(r"^db(\d+):", client("INFO", "keyspace").decode(), re.MULTILINE):
            client("SELECT", database)
            keys = [key for key in client.scan() if strictly or not OWN_KEY.search(key)]
            lines += [line for line in (describe(client, database, key) for key in keys) if line]
    return lines


def describe(client, database, key):
    kind = client("TYPE", key)
    if kind == b"none":
        return None  # it expired meanwhile
    content = CONTENTS.get(kind, lambda client, key: client("DUMP", key))(client, key)
    lives = " expires" if client("PTTL", key) >= 0 else ""
    return f"{database} {key.decode(errors='replace')} {kind.decode()}{lives} {hashlib.sha1(repr(content).encode()).hexdigest()}"


class Watch:
    """Everything that the server is sent while it runs, scripts' commands included."""

    def __init__(self, server):
        self.client, self.marker = server.client(), server.client()
        self.writing = writing_commands(self.client)
        self.client("MONITOR")

    def stop(self):
        """The commands in order."""
        sent = []
        with self.marker as client:
            client("ECHO", "end-of-watch")
        with self.client as client:
            while True:
                line = client.read()
                if b'"end-of-watch"' in raised(line):
                    return sent
                sent.append(Sent.read(line))


@dataclass
class Sent:
    """A command that the server was sent: its name in upper case, whether by a script, and whether for our own keys."""

    name: str
    from_script: bool
    own: bool

    @classmethod
    def read(cls, line):
        """Of a line such as: 1339518083.107412 [0 127.0.0.1:60866] "set" "x" "y"."""
        origin, words = line.split(b'] "', 1)
        return cls(words.split(b'"', 1)[0].decode().upper(), origin.endswith(b" lua"), b":tti:" in words)


def writing_commands(client):
    return {entry[0].decode().upper() for entry in client("COMMAND") if b"write" in entry[2]}
