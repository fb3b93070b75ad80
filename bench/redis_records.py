"""Records as the stack's servers write them, made fast: only what differs is encoded anew."""

import base64

from redis_server import resp

NAME_SPACE = "ttn:v3:"


def varint(value):
    result = bytearray()
    while value > 0x7F:
        result.append(value & 0x7F | 0x80)
        value >>= 7
    result.append(value)
    return bytes(result)


def field(number, content):
    if isinstance(content, int):
        return varint(number << 3) + varint(content)
    content = content.encode() if isinstance(content, str) else content
    return varint(number << 3 | 2) + varint(len(content)) + content


def text(message):
    return base64.b64encode(message).rstrip(b"=")


TIME = field(1, 1_600_000_000) + field(2, 5)
KEY = field(1, bytes(range(16)))
FORMATTERS = field(41, field(1, 1) + field(2, "function decodeUplink(input) { return { data: { level: input.bytes[0] } }; }"))


def application(number):
    return f"app-{number % 100:03}"


def device(number):
    return f"dev-{number:08}"


def uid(number):
    return f"{application(number)}.{device(number)}"


def eui(number):
    return number.to_bytes(8, "big")


def identifiers(number):
    return field(1, field(1, device(number)) + field(2, field(1, application(number))) + field(4, eui(number)) +
                 field(5, eui(1)))


def session(number, started):
    message = field(2, number.to_bytes(4, "big")) + field(3, field(1, bytes(16)) + field(5, KEY)) + field(4, 7)
    return message + (field(8, TIME) if started else b"")


def as_records(count, started=True):
    """SET and EUI index of as many Application Server devices."""
    for number in range(count):
        record = identifiers(number) + field(2, TIME) + field(3, TIME) + field(26, session(number, started)) + FORMATTERS
        yield resp("SET", f"{NAME_SPACE}as:devices:uid:{uid(number)}", text(record))


def as_indexes(count):
    for number in range(count):
        yield resp("SET", f"{NAME_SPACE}as:devices:eui:{number:016X}:{1:016X}", uid(number))


def ns_records(count):
    for number in range(count):
        record = identifiers(number) + field(2, TIME) + field(3, TIME) + field(15, 5) + field(26, session(number, True))
        key = f"{NAME_SPACE}ns:devices:"
        yield (resp("SET", f"{key}uid:{uid(number)}", text(record)) +
               resp("SET", f"{key}eui:{1:016X}:{number:016X}", uid(number)))


def js_session_keys(pairs, each, orphans):
    """`each` session keys of every pair, and the EUI index of those pairs that have a device."""
    for pair in range(pairs):
        euis = f"{1:016X}:{pair:016X}"
        if pair >= orphans:
            yield resp("SET", f"{NAME_SPACE}js:devices:eui:{euis}", uid(pair))
        for number in range(each):
            identifier = (1_600_000_000_000 + number).to_bytes(6, "big") + pair.to_bytes(10, "big")
            yield resp("SET", f"{NAME_SPACE}js:keys:id:{euis}:{text(identifier).decode()}", text(field(1, identifier) + field(5, KEY)))


def uplink(number):
    """An uplink as the stack queues it, with one to three gateways' metadata: some 300 to 900 bytes of text."""
    gateway = (field(1, field(1, f"gateway-{number % 50:04}") + field(2, eui(number % 50))) + field(4, 1_000_000 + number) +
               field(13, field(1, 1) + field(5, 3)) + field(15, bytes(range(90))))
    message = (field(1, bytes(16)) + field(2, 1) + field(3, number) + field(4, bytes(12 + number % 32)) +
               b"".join(field(6, gateway) for _ in range(1 + number % 3)) + field(8, TIME) + field(9, KEY))
    return field(1, identifiers(number)[2:]) + field(2, "as:up:01HXXXXXXXXXXXXXXXXXXXXXXX") + field(3, message) + field(12, TIME)


def legacy_uplinks(streams, entries):
    """Streams of which the group has read all but the last tenth, and has acknowledged what it read."""
    messages = [text(uplink(number)) for number in range(30)]
    for stream in range(streams):
        key = legacy_stream(stream)
        for number in range(entries):
            yield resp("XADD", key, f"1600000000000-{number + 1}", "payload", messages[number % len(messages)])
        yield resp("XGROUP", "CREATE", key, "ns", f"1600000000000-{entries * 9 // 10}")


def legacy_stream(number):
    return f"{NAME_SPACE}ns:application-uplinks:uid:app-{number:05}:uplinks"


def purged_lists(count):
    message = text(field(2, 1) + field(4, bytes(20)))
    for number in range(count):
        yield resp("RPUSH", f"{NAME_SPACE}as:applicationups:uid:{uid(number)}", message)
