"""Messages as The Things Stack keeps them in Redis: protobuf in base64 without padding, and the MessagePack of addresses."""

import base64

MAC_VERSION = 5  # LoRaWAN 1.0.3
CREATED = 1_700_000_000  # seconds; when everything here began


def varint(number):
    data = b""
    while number > 0x7F:
        data += bytes([number & 0x7F | 0x80])
        number >>= 7
    return data + bytes([number])


def field(number, *parts):
    """A length-delimited field; `parts` are its message's fields, bytes or a text."""
    data = b"".join(part.encode() if isinstance(part, str) else part for part in parts)
    return varint(number << 3 | 2) + varint(len(data)) + data


def number_field(number, value):
    return varint(number << 3) + varint(value)


def timestamp(number, seconds=CREATED):
    return field(number, number_field(1, seconds))


def base64_text(data):
    return base64.b64encode(data).rstrip(b"=")


def application_ids(number, application):
    return field(number, field(1, application))


def device_ids(number, device):
    euis = field(4, device.dev_eui) + field(5, device.join_eui) if device.has_euis else b""
    return field(number, field(1, device.device_id), application_ids(2, device.application), euis)


def device_head(device):
    return device_ids(1, device) + timestamp(2) + timestamp(3)


def key_envelope(number, key):
    return field(number, field(1, key))


def relay_rules(number, device_id):
    """Relay settings or parameters that serve one device."""
    return field(number, field(1, field(4, field(3, device_id))))


def network_device(device):
    """What the Network Server keeps of a device."""
    settings = field(12, number_field(1, 1)) + (relay_rules(36, device.serves) if device.serves else b"")
    message = device_head(device) + number_field(15, MAC_VERSION) + field(17, "EU_863_870") + field(24, settings)
    state = field(1, number_field(9, 1)) + field(2, number_field(9, 1)) + number_field(4, MAC_VERSION)
    if device.session:
        message += field(25, state) + network_session(26, device.address, device, device.counter)
    if device.pending:
        message += network_session(27, device.pending_address, device, 0) + field(44, state)
    return message


def network_session(number, address, device, counter):
    keys = field(3, field(1, device.session_key_id(0)), key_envelope(2, device.key))
    return field(number, field(2, address), keys, number_field(4, counter) if counter else b"", timestamp(8))


def application_device(device, started=False):
    """What the Application Server keeps of a device; with `started` as releases up to 3.15 wrote it."""
    message = device_head(device)
    for present, number, address in ((device.session, 26, device.address), (device.pending, 27, device.pending_address)):
        if present:
            keys = field(3, field(1, device.session_key_id(0)), key_envelope(5, device.key))
            message += field(number, field(2, address), keys, number_field(6, 7), timestamp(8) if started else b"")
    return message


def join_device(device):
    return device_head(device) + field(22, key_envelope(2, device.key)) + number_field(28, 3) + field(29, b"\x01\x02\x03")


def session_keys(device, number):
    return field(1, device.session_key_id(number)) + key_envelope(2, device.key) + key_envelope(5, device.key)


def application_uplink(device, counter):
    uplink = field(1, device.session_key_id(0)) + number_field(2, 1) + number_field(3, counter) + field(4, b"\x2a")
    return device_ids(1, device) + field(3, uplink) + timestamp(12)


def integration(application, integration_id):
    """A webhook or a pub/sub: their identifiers have the same shape."""
    return field(1, application_ids(1, application), field(2, integration_id)) + timestamp(2) + field(4, "json")


def package(identifiers, port):
    """An association of an application package; `identifiers` are field 1 of its identifiers."""
    return field(1, identifiers, number_field(2, port)) + timestamp(2) + field(4, "lora-cloud-device-management-v1")


def packed_text(text):
    data = text.encode()
    return (bytes([0xA0 | len(data)]) if len(data) < 32 else b"\xd9" + bytes([len(data)])) + data


def address_fields(device, pending=False):
    """What the address index keeps beside a device's ID."""
    entries = [packed_text("f_nwk_s_int_key") + b"\x81" + packed_text("key") + packed_text(device.key.hex()),
               packed_text("lorawan_version") + b"\xcc" + bytes([MAC_VERSION])]
    if not pending and device.counter:
        entries.append(packed_text("last_f_cnt") + b"\xce" + device.counter.to_bytes(4, "big"))
    if not pending:
        entries.append(packed_text("supports_32_bit_f_cnt") + b"\x81" + packed_text("value") + b"\xc3")
    return bytes([0x80 | len(entries)]) + b"".join(entries)
