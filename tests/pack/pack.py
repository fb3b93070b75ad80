"""Finds the pack of data, loads it into servers of a test's own, and runs the program on them."""

import base64
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "scenarios"))

from redis_client import encode  # noqa: E402
from redis_server import PASSWORD, Redis  # noqa: E402
import witness  # noqa: E402

SKIPPED = 77
NAME_SPACE = "ttn:v3:"


def find():
    """The pack's folder; without one the process ends here."""
    named = os.environ.get("TTI_PACK")
    found = [Path(named)] if named else sorted(path.parent for path in ROOT.glob("../*/data/pack-*/expected.json"))
    if found and (found[0] / "expected.json").is_file():
        return found[0]
    print(f"skipped: there is no pack of data {'at ' + named if named else 'beside the checkout, and TTI_PACK names none'}")
    sys.exit(SKIPPED)


def main():
    """Runs the tests of the calling file; its only argument is the program to test."""
    if len(sys.argv) == 2:
        os.environ["TTI_BINARY"] = str(Path(sys.argv.pop()).resolve())
    unittest.main()


PACK = find()
EXPECTED = json.loads((PACK / "expected.json").read_text(encoding="utf-8"))


def raw(text):
    return base64.b64decode(text["b64"]) if isinstance(text, dict) else text.encode()


def commands():
    """The commands that write the pack, expiries included."""
    for line in (PACK / "redis.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        key, value = raw(entry["key"]), entry["value"]
        yield from KINDS[entry["type"]](key, value)
        if entry["ttl_ms"] is not None:
            yield "PEXPIRE", key, max(entry["ttl_ms"], 60_000)


def stream(key, value):
    """The stream with its IDs, groups, consumers and pending entries, of which some have lost their data."""
    entries = {identifier: [raw(part) for pair in fields for part in pair] for identifier, fields in value["entries"]}
    pending = {one["id"] for group in value["groups"] for one in group["pending"]}
    for identifier in sorted(entries | dict.fromkeys(pending - set(entries), ["gone", "1"]),
                             key=lambda text: tuple(map(int, text.split("-")))):
        yield "XADD", key, identifier, *entries.get(identifier, ["gone", "1"])
    for group in value["groups"]:
        name = raw(group["name"])
        yield "XGROUP", "CREATE", key, name, group["last_delivered_id"], "MKSTREAM"
        for consumer in group["consumers"]:
            yield "XGROUP", "CREATECONSUMER", key, name, raw(consumer["name"])
        for one in group["pending"]:
            yield ("XCLAIM", key, name, raw(one["consumer"]), 0, one["id"], "IDLE", one["idle_ms"],
                   "RETRYCOUNT", one["deliveries"], "FORCE", "JUSTID")
    if pending - set(entries):
        yield "XDEL", key, *(pending - set(entries))
    if value["last_id"] != "0-0":
        yield "XSETID", key, value["last_id"]


def flat(pairs):
    return [raw(part) for pair in (pairs.items() if isinstance(pairs, dict) else pairs) for part in pair]


KINDS = {
    "string": lambda key, value: [("SET", key, raw(value))],
    "list": lambda key, value: [("RPUSH", key, *map(raw, value))],
    "set": lambda key, value: [("SADD", key, *map(raw, value))],
    "hash": lambda key, value: [("HSET", key, *flat(value))],
    "zset": lambda key, value: [("ZADD", key, *[part for member, score in value for part in (score, raw(member))])],
    "stream": stream,
}


class PackTest(unittest.TestCase):
    """Every test has the whole pack in a Redis of its own."""

    def setUp(self):
        self.redis = Redis()
        self.addCleanup(self.redis.stop)
        self.client = self.redis.client()
        self.addCleanup(self.client.__exit__)
        self.client.load(encode(*command) for command in commands())
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.environment = {"PATH": os.environ["PATH"], "HOME": self.folder.name, "TTN_LW_REDIS_ADDRESS": self.redis.socket,
                            "TTN_LW_REDIS_PASSWORD": PASSWORD}

    def run_program(self, *arguments, exit_code=0):
        """What it printed, after its exit code was as it should be."""
        done = self.run_checked(arguments, exit_code)
        return done.stdout + done.stderr

    def run_results(self, *arguments):
        """Its standard output alone."""
        return self.run_checked(arguments, 0).stdout

    def run_checked(self, arguments, exit_code):
        done = witness.run([os.environ["TTI_BINARY"], *arguments], env=self.environment, cwd=self.folder.name, timeout=120,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, exit_code, f"{' '.join(arguments)}\n{done.stdout}{done.stderr}")
        self.assertNotIn(PASSWORD, done.stdout + done.stderr)
        return done

    def ask(self, *words):
        return self.client(*words)

    def keys(self):
        """All keys, without what is our own and what expires."""
        found = {key.decode() for key in self.client.scan()}
        expiring = self.client.pipeline([("PTTL", key) for key in sorted(found)])
        lasting = {key for key, lives in zip(sorted(found), expiring) if lives < 0 and ":tti:" not in key}
        return lasting

    def values(self, prefix):
        """ID behind the prefix -> value, for strings."""
        names = sorted(key for key in self.keys() if key.startswith(NAME_SPACE + prefix) and self.ask("TYPE", key) == b"string")
        return {name.removeprefix(NAME_SPACE + prefix): self.ask("GET", name) for name in names}
