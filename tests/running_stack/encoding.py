"""The few protocol buffers and MessagePack maps that the model's servers write."""

import base64


def varint(value):
    result = bytearray()
    while value > 0x7F:
        result.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(result) + bytes([value])


def field(number, content):
    if isinstance(content, int):
        return varint(number << 3) + varint(content)
    content = content.encode() if isinstance(content, str) else content
    return varint(number << 3 | 2) + varint(len(content)) + content


def text(message):
    return base64.b64encode(message).rstrip(b"=").decode()


def message(encoded):
    return base64.b64decode(encoded + b"=" * (-len(encoded) % 4))


def fields(data):
    """Number -> last content; enough for records that the model itself wrote."""
    found, place = {}, 0
    while place < len(data):
        tag, place = read_varint(data, place)
        if tag & 7 == 0:
            value, place = read_varint(data, place)
        else:
            size, place = read_varint(data, place)
            value, place = data[place:place + size], place + size
        found[tag >> 3] = value
    return found


def read_varint(data, place):
    value, shift = 0, 0
    while True:
        byte = data[place]
        value, shift, place = value | (byte & 0x7F) << shift, shift + 7, place + 1
        if byte < 0x80:
            return value, place


def address_fields(key, version, counter):
    """What lies beside an address: f_nwk_s_int_key, lorawan_version, and last_f_cnt where it is above zero."""
    result = bytes([0x83 if counter else 0x82]) + packed("f_nwk_s_int_key") + b"\x81" + packed("key") + packed(key.hex())
    result += packed("lorawan_version") + bytes([0xCC, version])
    return result + (packed("last_f_cnt") + b"\xce" + counter.to_bytes(4, "big") if counter else b"")


def packed(word):
    data = word.encode()
    return (bytes([0xA0 | len(data)]) if len(data) < 32 else bytes([0xD9, len(data)])) + data
