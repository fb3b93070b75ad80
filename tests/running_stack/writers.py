"""What the stack's servers do to their databases, each with the locks that it takes: mutex and WATCH, WATCH alone, or neither."""

import itertools
import random
import threading

from client import Client
from devices import (NAME_SPACE, address_keys, as_key, create_commands, ns_delete_commands, ns_index_commands, ns_key)
from encoding import field, fields, message, text
from mutex import held

KEPT_SESSION_KEYS = 10


class Writer(threading.Thread):
    """Works on random devices until told to end. `aborted` counts transactions that somebody else's write prevented."""

    least = 50  # what it must have done to prove anything

    def __init__(self, socket, devices, seed):
        super().__init__(daemon=True)
        self.redis, self.devices, self.random = Client(socket), devices, random.Random(seed)
        self.ending, self.done, self.aborted, self.failure = threading.Event(), 0, 0, None

    def run(self):
        try:
            while not self.ending.is_set():
                device = self.random.choice(self.devices)
                # The lock stands for the stack's own order of one device's uplinks; Redis does not know of it.
                with device.guard:
                    if device.alive:
                        self.work(device)
                        self.done += 1
        except BaseException as failure:  # pylint: disable=broad-except
            self.failure = failure

    def end(self):
        self.ending.set()
        self.join()
        self.redis.close()
        if self.failure:
            raise self.failure

    def apply(self, commands, then):
        if self.redis.transaction(commands):
            then()
        else:
            self.aborted += 1


class NetworkServer(Writer):
    """An uplink, now and then a join with another address; rarely a batch delete, which takes no mutex."""

    def work(self, device):
        if self.random.random() < 0.002:
            self.redis("WATCH", ns_key(device))
            self.apply(ns_delete_commands(device), lambda: setattr(device, "alive", False))
            return
        with held(self.redis, ns_key(device)):
            self.redis("WATCH", ns_key(device))
            check_kept(self.redis("GET", ns_key(device)), device)
            counter = device.counter + 1
            address = device.address if self.random.random() < 0.9 else self.random.randrange(1 << 16)
            self.apply([("SET", ns_key(device), device.record(counter, address)),
                        *ns_index_commands(device, counter, address, device.address)],
                       lambda: (setattr(device, "counter", counter), setattr(device, "address", address)))
            self.redis("UNWATCH")


class ApplicationServer(Writer):
    """A downlink under the mutex; rarely a batch delete without."""

    def work(self, device):
        if self.random.random() < 0.002:
            self.redis("WATCH", as_key(device))
            self.apply([("DEL", as_key(device), f"{NAME_SPACE}as:devices:eui:{device.dev_first}")],
                       lambda: setattr(device, "alive", False))
            return
        with held(self.redis, as_key(device)):
            self.redis("WATCH", as_key(device))
            started = check_kept(self.redis("GET", as_key(device)), device)
            counter = device.counter + 1
            self.apply([("SET", as_key(device), device.record(counter, device.address, started=started))],
                       lambda: setattr(device, "counter", counter))
            self.redis("UNWATCH")


class JoinServer(Writer):
    """A join: a session key more, the oldest beyond the limit gone, by plain commands under the mutex of the list."""

    clock = itertools.count(1_700_000_000_000)  # session key IDs begin with the time, and sort by it

    def work(self, device):
        ids = f"{NAME_SPACE}js:keys:ids:{device.join_first}"
        identifier = text(next(self.clock).to_bytes(6, "big") + self.random.randbytes(10))
        with held(self.redis, ids):
            length = self.redis("RPUSH", ids, identifier)
            if length > KEPT_SESSION_KEYS:
                for old in self.redis("LPOP", ids, length - KEPT_SESSION_KEYS):
                    self.redis("DEL", self.key(device, old.decode()))
            self.redis("SET", self.key(device, identifier), text(field(1, identifier.encode())))
        device.session_keys = [*device.session_keys, identifier][-KEPT_SESSION_KEYS:]

    @staticmethod
    def key(device, identifier):
        return f"{NAME_SPACE}js:keys:id:{device.join_first}:{identifier}"


class Creator(Writer):
    """New devices, which no command may take for orphans."""

    least = 3

    def __init__(self, socket, devices, seed, make):
        super().__init__(socket, devices, seed)
        self.make, self.made = make, []

    def work(self, device):
        new = self.make()
        self.redis.transaction(create_commands(new))
        self.made.append(new)
        self.ending.wait(0.002)


class UplinkQueue(Writer):
    """Uplinks that are queued, read, acknowledged and deleted; what was not acknowledged must stay."""

    stream = f"{NAME_SPACE}ns:application-uplinks:uplinks"

    def __init__(self, socket, devices, seed):
        super().__init__(socket, devices, seed)
        self.redis.pipeline([("XGROUP", "CREATE", self.stream, "ns", "0", "MKSTREAM")])
        self.kept = set()

    def work(self, device):
        entry = self.redis("XADD", self.stream, "*", "uid", device.uid, "payload", "")
        self.kept.add(entry)
        if self.random.random() < 0.5:
            for identifier in self.read():
                if self.random.random() < 0.9:
                    self.redis.pipeline([("XACK", self.stream, "ns", identifier), ("XDEL", self.stream, identifier)])
                    self.kept.discard(identifier)

    def read(self):
        found = self.redis("XREADGROUP", "GROUP", "ns", "model:1:0", "COUNT", 10, "STREAMS", self.stream, ">")
        return [entry[0] for entry in found[0][1]] if found else []


def check_kept(value, device):
    """The record is what the last write has left, unknown fields too; whether it still has started_at."""
    if value is None:
        raise AssertionError(f"{device.uid} is gone")
    record = fields(message(value))
    session = fields(record[26])
    if session[4] != device.counter or record.get(200) != b"unknown":
        raise AssertionError(f"{device.uid} has counter {session[4]} instead of {device.counter}")
    return 8 in session


def check_address(redis, device):
    scores, hashes = address_keys(device.address)
    score, beside = redis("ZSCORE", scores, device.uid), redis("HGET", hashes, device.uid)
    if score is None or int(float(score)) != device.counter & 0xFFFF or beside is None:
        raise AssertionError(f"{device.uid}: index of {device.address:08X} has {score} and {beside}")
