"""The table: every command that writes to Redis, and what it works on."""

from dataclasses import dataclass
from typing import Callable

import world  # noqa: F401  finds what follows

from deployment import Device, generate, hexadecimal

N = "ttn:v3"
KNOWN = 60  # devices that the Identity Server knows; those above are stale


@dataclass(frozen=True)
class Row:
    words: str
    fixture: Callable        # of a size: about so many devices, streams or keys
    undo: bool = False       # keeps an undo file, which brings everything back
    identity: bool = False   # asks the Identity Server's database
    before: str = ""         # a command that is given first, undisturbed; its undo file is the argument

    @property
    def name(self):
        return self.words.replace("--", "").replace(" ", "_").replace("-", "_")

    @property
    def group(self):
        return self.words.split()[0]


def old_layouts(size):
    """Of every layout before 3.11, some devices in two of them."""
    yield from filled("ns-old-index", devices=size, layout="3.10")
    yield from filled("ns-old-index", devices=size // 2, layout="set")
    yield from filled("last-invalidations", devices=2 * size)
    for device in map(Device, range(0, size, 10)):
        if device.session:
            yield "HSET", f"{N}:ns:devices:addr:{hexadecimal(device.address)}:current:fields", device.uid, b"\x80"


def damaged_index(size):
    yield from filled("ns-devices", devices=2 * size)
    base = f"{N}:ns:devices"
    for device in map(Device, range(0, 2 * size, 7)):
        yield "DEL", f"{base}:eui:{device.euis}", f"{base}:addr:{hexadecimal(device.address)}:current"
    for device in map(Device, range(1, 2 * size, 50)):
        yield "ZADD", f"{base}:addr:{hexadecimal(device.address)}:current", 1, "app-0.gone"
        yield "SET", f"{base}:eui:{'F' * 16}:{device.number:016X}", "app-0.gone"


def streams(size):
    yield from filled("ns-devices", devices=size)
    yield from filled("legacy-uplinks", streams=size // 2, entries=10, delivered=6, pending=2)
    for application in range(0, size // 2, 3):  # dead ones behind a pending one, and streams that will be empty
        key = f"{N}:ns:application-uplinks:uid:app-{application}:uplinks"
        if application % 2:
            yield "XACK", key, "ns", "1600000000000-6"
        else:
            yield "XACK", key, "ns", "1600000000000-5", "1600000000000-6"
            yield "XDEL", key, *(f"1600000000000-{entry}" for entry in range(7, 11))
    yield from filled("uplinks", entries=60, lost=30, pending=10)
    yield from filled("downlink-tasks", done=30, lost=size // 2, dropped=size // 6)


def legacy_queues(size):
    yield from filled("legacy-uplinks", streams=size, entries=4, delivered=2, pending=1)
    yield from filled("legacy-keys", applications=size // 2)
    yield from filled("uplinks")


def network_server_with_stale(size):
    yield from filled("ns-devices", devices=KNOWN + 2 * size)
    yield from filled("downlink-tasks", done=0, waiting=12, lost=0, dropped=0)
    base = f"{N}:ns"
    for device in map(Device, range(KNOWN + 1, KNOWN + size)):
        yield "XADD", f"{base}:application-uplinks:uplinks", f"1700000000001-{device.number}", "uid", device.uid, "payload", "x"
        yield "ZADD", f"{base}:tasks:downlink:waiting", device.number, device.uid
    for device in map(Device, range(2000, 2040)):
        yield "SET", f"{base}:devices:eui:{device.euis}", device.uid


def application_server_with_stale(size):
    yield from filled("as-devices", devices=KNOWN + 2 * size)
    yield from filled("integrations", applications=5)
    yield from filled("integrations", applications=1, first=901)
    for device in map(Device, range(2000, 2040)):
        yield "SET", f"{N}:as:devices:eui:{hexadecimal(device.dev_eui)}:{hexadecimal(device.join_eui)}", device.uid


def join_server_with_stale(size):
    yield from filled("js-devices", devices=KNOWN + 2 * size)
    yield from filled("session-keys", devices=KNOWN + size // 2, each=2, listed=2)
    yield from filled("activation-settings", applications=5)
    for device in map(Device, range(2000, 2040)):
        yield "SET", f"{N}:js:devices:eui:{device.euis}", device.uid


def started_at(size):
    return filled("as-devices", devices=5 * size, started=4 * size)


def stored_uplinks(size):
    return filled("stored-uplinks", devices=4 * size, each=3)


def session_keys(size):
    yield from filled("js-devices", devices=size * 5 // 4)
    yield from filled("session-keys", devices=size, each=12)
    yield from filled("session-keys", devices=size, first=size, each=3, listed=2)


def claiming(size):
    for number in range(2 * size):
        yield "SET", f"{N}:dcs:authorized-applications:uid:app-{number}", "x"
        yield "HSET", f"{N}:dcs:other:{number}", "a", "b"


def filled(name, **options):
    """The commands of one of deployment.py's generators."""
    return generate(name, [word for key, value in options.items() for word in (f"--{key}", str(value))])


ROWS = (
    Row("ns-db migrate", old_layouts),
    Row("ns-db migrate --rebuild-index", damaged_index),
    Row("ns-db prune --dead-after=0s", streams),
    Row("ns-db prune --include-pending --dead-after=0s", streams),
    Row("ns-db purge --yes", legacy_queues, undo=True),
    Row("ns-db cleanup --yes --max-delete=99%", network_server_with_stale, undo=True, identity=True),
    Row("as-db migrate", started_at),
    Row("as-db purge --yes", stored_uplinks, undo=True),
    Row("as-db cleanup --yes --max-delete=99%", application_server_with_stale, undo=True, identity=True),
    Row("js-db migrate", session_keys),
    Row("js-db cleanup --yes --max-delete=99%", join_server_with_stale, undo=True, identity=True),
    Row("dcs-db migrate", claiming),
    Row("dcs-db purge --yes", claiming, undo=True),
    Row("restore", legacy_queues, before="ns-db purge --yes"),
    Row("restore --wait=0s", network_server_with_stale, before="ns-db cleanup --yes --max-delete=99%", identity=True),
)
