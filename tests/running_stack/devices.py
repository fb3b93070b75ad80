"""End devices as the three servers keep them, and the truth that the model holds beside Redis."""

import threading

from encoding import address_fields, field, text

NAME_SPACE = "ttn:v3:"
TIME = field(1, 1_600_000_000)
VERSION = 5  # MACVersion 1.0.3


class Device:
    """What the last acknowledged write of a device has left."""

    def __init__(self, number):
        self.number, self.guard = number, threading.Lock()
        self.counter, self.address, self.alive = 1, number, True
        self.session_keys = []  # of the Join Server, oldest first

    application = property(lambda self: f"farm-{self.number % 5}")
    uid = property(lambda self: f"{self.application}.dev-{self.number:05}")
    key = property(lambda self: self.number.to_bytes(16, "big"))
    join_first = property(lambda self: f"{1:016X}:{self.number:016X}")
    dev_first = property(lambda self: f"{self.number:016X}:{1:016X}")

    def identifiers(self):
        return field(1, field(1, self.uid.split(".")[1]) + field(2, field(1, self.application)) +
                     field(4, self.number.to_bytes(8, "big")) + field(5, (1).to_bytes(8, "big")))

    def session(self, counter, address, started):
        keys = field(1, b"session") + field(2, field(1, self.key))
        return (field(2, address.to_bytes(4, "big")) + field(3, keys) + field(4, counter) +
                (field(8, TIME) if started else b""))

    def record(self, counter, address, *, started=False):
        """A field 200 that nobody knows must survive everything."""
        return text(self.identifiers() + field(2, TIME) + field(3, TIME) + field(25, field(4, VERSION)) +
                    field(26, self.session(counter, address, started)) + field(200, b"unknown"))


def ns_key(device):
    return f"{NAME_SPACE}ns:devices:uid:{device.uid}"


def as_key(device):
    return f"{NAME_SPACE}as:devices:uid:{device.uid}"


def js_key(device):
    return f"{NAME_SPACE}js:devices:uid:{device.uid}"


def address_keys(address):
    current = f"{NAME_SPACE}ns:devices:addr:{address:08X}:current"
    return current, f"{current}:fields"


def ns_index_commands(device, counter, address, old_address):
    commands = []
    if old_address != address:
        scores, hashes = address_keys(old_address)
        commands += [("ZREM", scores, device.uid), ("HDEL", hashes, device.uid)]
    scores, hashes = address_keys(address)
    return commands + [("ZADD", scores, counter & 0xFFFF, device.uid),
                       ("HSET", hashes, device.uid, address_fields(device.key, VERSION, counter))]


def ns_delete_commands(device):
    scores, hashes = address_keys(device.address)
    return [("DEL", ns_key(device), f"{NAME_SPACE}ns:devices:eui:{device.join_first}"), ("ZREM", scores, device.uid),
            ("HDEL", hashes, device.uid)]


def create_commands(device, *, started=False):
    """The records of all three servers and their indexes."""
    record = device.record(device.counter, device.address)
    return [("SET", ns_key(device), record), ("SET", f"{NAME_SPACE}ns:devices:eui:{device.join_first}", device.uid),
            *ns_index_commands(device, device.counter, device.address, device.address),
            ("SET", as_key(device), device.record(device.counter, device.address, started=started)),
            ("SET", f"{NAME_SPACE}as:devices:eui:{device.dev_first}", device.uid),
            ("SET", js_key(device), text(device.identifiers() + field(28, 1))),
            ("SET", f"{NAME_SPACE}js:devices:eui:{device.join_first}", device.uid)]
