"""What a deployment has in Redis, as commands: `load redis: GENERATOR --option value …` in a scenario.

Devices are the same for all generators: number n is device `dev-<n>` of application `app-<n mod 3>`. Every fourth never
joined, every fourth has a pending session too, every eighth has no EUIs, and the first is a relay that serves the fourth.
"""

from dataclasses import dataclass

import messages

APPLICATIONS = 3
GENERATORS = {}


@dataclass(frozen=True)
class Device:
    number: int

    @property
    def application(self):
        return f"app-{self.number % APPLICATIONS}"

    @property
    def device_id(self):
        return f"dev-{self.number}"

    @property
    def uid(self):
        return f"{self.application}.{self.device_id}"

    @property
    def session(self):
        return self.number % 4 != 3

    @property
    def pending(self):
        return self.number % 4 == 2

    @property
    def has_euis(self):
        return self.number % 8 != 5

    @property
    def serves(self):
        return "dev-3" if self.number == 0 else ""

    @property
    def counter(self):
        return 65530 + self.number

    @property
    def key(self):
        return b"\xa0" * 8 + self.number.to_bytes(8, "big")

    @property
    def join_eui(self):
        return bytes.fromhex("70B3D57ED0000000")

    @property
    def dev_eui(self):
        return bytes.fromhex("0004A30B") + self.number.to_bytes(4, "big")

    @property
    def address(self):
        return (0x26000000 + self.number).to_bytes(4, "big")

    @property
    def pending_address(self):
        return (0x27000000 + self.number).to_bytes(4, "big")

    def session_key_id(self, number):
        """A ULID: sorts by time."""
        return (0x018B_CFE5_6800 + number).to_bytes(6, "big") + self.number.to_bytes(10, "big")

    @property
    def euis(self):
        return f"{hexadecimal(self.join_eui)}:{hexadecimal(self.dev_eui)}"


@dataclass(frozen=True)
class Recurring(Device):
    """A device whose ID says nothing of its number."""

    application: str = ""
    device_id: str = ""


def hexadecimal(data):
    return data.hex().upper()


def generator(function):
    """Makes `function(namespace, …)` a generator named like it, with dashes."""
    GENERATORS[function.__name__.replace("_", "-")] = function
    return function


def generate(name, words):
    """The commands of a generator; `words` are its options, `--devices 10`, of which numbers are numbers."""
    options = {key.removeprefix("--").replace("-", "_"): int(value) if value.isdigit() else value
               for key, value in zip(words[::2], words[1::2])}
    if name not in GENERATORS or len(words) % 2:
        raise ValueError(f"no generator {name} {' '.join(words)}; there are: {', '.join(sorted(GENERATORS))}")
    return GENERATORS[name](options.pop("namespace", "ttn:v3"), **options)


@generator
def ns_devices(namespace, devices=12, first=0, index="yes"):
    """Records and indexes of the Network Server; without the indexes with `--index no`."""
    base = f"{namespace}:ns:devices"
    for device in map(Device, range(first, first + devices)):
        yield "SET", f"{base}:uid:{device.uid}", messages.base64_text(messages.network_device(device))
        if index == "yes":
            yield from ns_index(base, device)


@generator
def ns_recurring(namespace, applications=1500, devices=2):
    """Records of devices that have the same IDs in every application."""
    for application in range(applications):
        for number in range(devices):
            device = Recurring(application * devices + number, f"site-{application}", f"dev-{number}")
            yield "SET", f"{namespace}:ns:devices:uid:{device.uid}", messages.base64_text(messages.network_device(device))


def ns_index(base, device):
    if device.has_euis:
        yield "SET", f"{base}:eui:{device.euis}", device.uid
    if device.session:
        address = f"{base}:addr:{hexadecimal(device.address)}:current"
        yield "ZADD", address, device.counter & 0xFFFF, device.uid
        yield "HSET", f"{address}:fields", device.uid, messages.address_fields(device)
    if device.pending:
        address = f"{base}:addr:{hexadecimal(device.pending_address)}:pending"
        yield "ZADD", address, messages.CREATED * 10**9, device.uid
        yield "HSET", f"{address}:fields", device.uid, messages.address_fields(device, pending=True)
    if device.serves:
        yield "SET", f"{base}:relay:rules:{device.application}.{device.serves}", device.uid


@generator
def ns_old_index(namespace, devices=12, layout="3.10"):
    """Records with the address index of an old release: before 3.10 (`--layout set`), or 3.10."""
    base = f"{namespace}:ns:devices"
    yield from ns_devices(namespace, devices, index="no")
    for device in map(Device, range(devices)):
        if device.has_euis:
            yield "SET", f"{base}:eui:{device.euis}", device.uid
        address = f"{base}:addr:{hexadecimal(device.address)}"
        if device.session and layout == "set":
            yield "SADD", address, device.uid
        elif device.session:
            yield "ZADD", f"{address}:{'16' if device.number % 2 else '32'}bit", device.counter, device.uid
            yield "HSET", f"{base}:uid:{device.uid}:fields", "session", "x"
        if device.pending and layout != "set":
            yield "SADD", f"{base}:addr:{hexadecimal(device.pending_address)}:pending", device.uid
        elif device.pending:
            yield "SADD", f"{base}:addr:{hexadecimal(device.pending_address)}", device.uid
        if device.serves:
            yield "SET", f"{base}:relay:rules:{device.application}.{device.serves}", device.uid


@generator
def as_devices(namespace, devices=12, first=0, started=0, undecodable=0):
    """Records and index of the Application Server, the first `started` of them as up to 3.15, the last ones broken."""
    base = f"{namespace}:as:devices"
    for device in map(Device, range(first, first + devices)):
        place = device.number - first
        value = messages.base64_text(messages.application_device(device, started=place < started))
        if place >= devices - undecodable:
            value = b"=?" + value if place % 2 else value[:-7]
        yield "SET", f"{base}:uid:{device.uid}", value
        if device.has_euis:
            yield "SET", f"{base}:eui:{':'.join(reversed(device.euis.split(':')))}", device.uid


@generator
def js_devices(namespace, devices=12, first=0):
    base = f"{namespace}:js:devices"
    for device in map(Device, range(first, first + devices)):
        yield "SET", f"{base}:uid:{device.uid}", messages.base64_text(messages.join_device(device))
        yield "SET", f"{base}:eui:{device.euis}", device.uid


@generator
def session_keys(namespace, devices=12, first=0, each=15, listed=0):
    """Session keys of the Join Server, oldest first; `listed` is how many of each device are in its list."""
    base = f"{namespace}:js:keys"
    for device in map(Device, range(first, first + devices)):
        ids = [messages.base64_text(device.session_key_id(number)).decode() for number in range(each)]
        for number, key_id in enumerate(ids):
            yield "SET", f"{base}:id:{device.euis}:{key_id}", messages.base64_text(messages.session_keys(device, number))
        if listed:
            yield "RPUSH", f"{base}:ids:{device.euis}", *ids[-listed:]


@generator
def legacy_uplinks(namespace, streams=2, entries=10, delivered=6, pending=2, consumers=1):
    """Per-application streams of releases up to 3.27: `delivered` of the entries were, and the last `pending` of these
    are not acknowledged. Without delivered ones there is no group."""
    for application in range(streams):
        key = f"{namespace}:ns:application-uplinks:uid:app-{application}:uplinks"
        device = Device(application)
        for entry in range(1, entries + 1):
            yield "XADD", key, f"1600000000000-{entry}", "payload", messages.base64_text(messages.application_uplink(device, entry))
        if not delivered:
            continue
        yield "XGROUP", "CREATE", key, "ns", "0"
        for consumer in range(1, consumers):
            yield "XGROUP", "CREATECONSUMER", key, "ns", f"old:{consumer}"
        yield from deliver(key, delivered, [f"1600000000000-{entry}" for entry in range(1, delivered - pending + 1)])


@generator
def legacy_keys(namespace, applications=2):
    """What `purge` removes besides the streams of legacy-uplinks."""
    base = f"{namespace}:ns:application-uplinks"
    for application in range(applications):
        for kind in ("invalidation", "join-accept"):
            yield "XADD", f"{base}:uid:app-{application}:uplinks:{kind}", "1600000000000-1", "payload", ""
        yield "ZADD", f"{base}:application:waiting", 1600000000000000000, f"app-{application}"
    for stream in ("input", "ready"):
        yield "XADD", f"{base}:application:{stream}", "1600000000000-1", "payload", "app-0"


@generator
def last_invalidations(namespace, devices=6):
    for device in map(Device, range(devices)):
        yield "SET", f"{namespace}:ns:application-uplinks:uid:{device.uid}:last-invalidation", 12


@generator
def stored_uplinks(namespace, devices=6, each=16):
    """The lists of the uplink storage, up to 3.26."""
    for device in map(Device, range(devices)):
        uplinks = (messages.base64_text(messages.application_uplink(device, counter)) for counter in range(each))
        yield "LPUSH", f"{namespace}:as:applicationups:uid:{device.uid}", *uplinks


@generator
def uplinks(namespace, entries=12, lost=4, pending=3):
    """Today's queue: `lost` entries whose consumer went away, `pending` ones of a dead consumer, the rest not yet read."""
    key = f"{namespace}:ns:application-uplinks:uplinks"
    for entry in range(1, entries + 1):
        device = Device(entry % 3)
        yield ("XADD", key, f"1700000000000-{entry}", "uid", device.uid, "payload",
               messages.base64_text(messages.application_uplink(device, entry)))
    yield "XGROUP", "CREATE", key, "ns", "0"
    yield from deliver(key, lost, (), "gone:1:0")
    yield "XGROUP", "DELCONSUMER", key, "ns", "gone:1:0"
    if pending:
        yield from deliver(key, pending, (), "dead:2:0")


@generator
def downlink_tasks(namespace, done=5, waiting=2, lost=2, dropped=1):
    """The downlink task queue: `done` entries of the input, `waiting` ones, tasks `lost` by a crash (pending in `ready`) and
    `dropped` ones, whose consumer was deleted."""
    base = f"{namespace}:ns:tasks:downlink"
    for stream in ("input", "ready"):
        yield "XGROUP", "CREATE", f"{base}:{stream}", "ns", "$", "MKSTREAM"
    for entry in range(1, done + 1):
        yield "XADD", f"{base}:input", f"1700000000000-{entry}", "payload", Device(entry % 3).uid, "start_at", messages.CREATED * 10**9
    if done:
        yield from deliver(f"{base}:input", done, [f"1700000000000-{entry}" for entry in range(1, done + 1)])
    for number in range(waiting):
        yield "ZADD", f"{base}:waiting", (messages.CREATED + 10 * number) * 10**9, Device(number).uid
    for entry in range(1, dropped + lost + 1):
        uid = Device(5 + entry).uid
        yield "XADD", f"{base}:ready", f"1700000000000-{entry}", "payload", uid, "start_at", f"{messages.CREATED * 10**9:e}"
    if dropped:
        yield from deliver(f"{base}:ready", dropped, (), "gone:1:0")
        yield "XGROUP", "DELCONSUMER", f"{base}:ready", "ns", "gone:1:0"
    if lost:
        yield from deliver(f"{base}:ready", lost, (), "dead:2:0")


def deliver(key, count, acknowledged, consumer="host:1:0"):
    """Hands `count` entries to a consumer, which acknowledges some."""
    yield "XREADGROUP", "GROUP", "ns", consumer, "COUNT", count, "STREAMS", key, ">"
    if acknowledged:
        yield "XACK", key, "ns", *acknowledged


@generator
def integrations(namespace, applications=2, first=0):
    """Links, pub/subs, webhooks and package associations (of the application, and of one device)."""
    base = f"{namespace}:as"
    for application in (f"app-{number}" for number in range(first, first + applications)):
        yield "SADD", f"{base}:links:all", application
        yield "SET", f"{base}:links:uid:{application}", ""
        for kind, name in (("pubsub", "queue"), ("webhooks", "hook")):
            yield "SADD", f"{base}:io:{kind}:uid:{application}", name
            yield "SET", f"{base}:io:{kind}:uid:{application}:{name}", messages.base64_text(messages.integration(application, name))
        yield "SADD", f"{base}:io:pubsub:all", f"{application}:queue"
        yield from package_association(base, application, messages.application_ids(1, application), 199)
    device = Device(first)
    yield from package_association(base, device.uid, messages.device_ids(1, device), 200)


def package_association(base, uid, identifiers, port):
    key = f"{base}:io:applicationpackages:uid:{uid}"
    yield "SADD", key, port
    yield "SET", f"{key}:{port}", messages.base64_text(messages.package(identifiers, port))


@generator
def activation_settings(namespace, applications=2, first=0):
    for number in range(first, first + applications):
        yield ("SET", f"{namespace}:js:application-activation-settings:uid:app-{number}",
               messages.base64_text(messages.field(1, "") + messages.field(4, "as.example.com")))


@generator
def deployment(namespace, devices=12):
    """A deployment of today with what old releases left behind."""
    yield from ns_devices(namespace, devices)
    yield from as_devices(namespace, devices)
    yield from js_devices(namespace, devices)
    yield from session_keys(namespace, devices, each=3, listed=3)
    yield from integrations(namespace)
    yield from activation_settings(namespace)
    yield from uplinks(namespace)
    yield from downlink_tasks(namespace)
    yield from legacy_uplinks(namespace)
    yield from legacy_keys(namespace)
    yield from last_invalidations(namespace)
    yield from stored_uplinks(namespace)
