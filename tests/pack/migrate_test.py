"""The migrations on real records."""

import base64

import pack
from pack import EXPECTED, NAME_SPACE, PackTest

SESSIONS = {26, 27}
STARTED_AT = 8


def fields(data):
    """Number, wire type and content of each field of a message."""
    position = 0
    while position < len(data):
        tag, position = varint(data, position)
        if tag & 7 == 2:
            length, position = varint(data, position)
            yield tag >> 3, data[position:position + length]
            position += length
        elif tag & 7 == 0:
            value, position = varint(data, position)
            yield tag >> 3, value
        else:
            size = {5: 4, 1: 8}[tag & 7]
            yield tag >> 3, data[position:position + size]
            position += size


def varint(data, position):
    value, shift = 0, 0
    while True:
        byte = data[position]
        value, shift, position = value | (byte & 0x7F) << shift, shift + 7, position + 1
        if byte < 0x80:
            return value, position


def without_started_at(text):
    message = base64.b64decode(text + b"=" * (-len(text) % 4))
    return [(number, [field for field in fields(value) if field[0] != STARTED_AT] if number in SESSIONS else value)
            for number, value in fields(message)]


class Migrations(PackTest):
    def test_application_server(self):
        before = self.values("as:devices:uid:")
        broken = set(EXPECTED["as"]["undecodable"])
        said = self.run_program("as-db", "migrate", exit_code=7)
        for uid in broken:
            self.assertIn(uid, said)
        self.assertIsNone(self.ask("GET", NAME_SPACE + "as:schema-version"), "a record is left")
        after = self.values("as:devices:uid:")
        changed = {uid for uid, value in before.items() if after[uid] != value}
        self.assertEqual(changed, set(EXPECTED["as"]["started_at"]["session"]))
        for uid in set(before) - broken:
            self.assertEqual(without_started_at(before[uid]), decoded(after[uid]), uid)
        self.run_program("as-db", "migrate", "--skip-broken", "--yes")
        self.assertEqual(self.ask("GET", NAME_SPACE + "as:schema-version"), b"1")
        self.assertEqual(self.values("as:devices:uid:"), after)

    def test_join_server(self):
        others = {key for key in self.keys() if ":js:keys:" not in key}
        self.run_program("js-db", "migrate", "--yes")
        pairs = EXPECTED["js"]["session_keys"]
        for euis, pair in pairs.items():
            kept = pair.get("kept", [])
            self.assertEqual(set(self.values(f"js:keys:id:{euis}:")), set(kept), euis)
            listed = self.ask("LRANGE", f"{NAME_SPACE}js:keys:ids:{euis}", 0, -1)
            self.assertEqual([item.decode() for item in listed], kept, euis)
        counts = EXPECTED["js"]["after_migration"]
        self.assertEqual(len(self.values("js:keys:id:")), counts["js:keys:id"])
        self.assertEqual(len([key for key in self.keys() if ":js:keys:ids:" in key]), counts["js:keys:ids"])
        self.assertEqual({key for key in self.keys() if ":js:keys:" not in key}, others)
        self.assertEqual(self.ask("GET", NAME_SPACE + "js:keys:schema-version"), b"1")

    def test_network_server(self):
        before = self.keys()
        self.run_program("ns-db", "migrate", "--yes")
        versions = {f"{NAME_SPACE}ns:{name}:schema-version" for name in ("devices", "application-uplinks")}
        self.assertEqual(before - self.keys(), set(EXPECTED["legacy"]["ns_migrate_deletes"]))
        self.assertEqual(self.keys() - before, versions)
        self.assertEqual({self.ask("GET", key) for key in versions}, {b"1"})

    def test_the_index_of_the_network_server_is_as_the_stack_keeps_it(self):
        self.run_program("ns-db", "migrate", "--yes")
        before = self.index()
        self.run_program("ns-db", "migrate", "--rebuild-index", "--yes")
        self.assertEqual(self.index(), before)

    def index(self):
        found = {}
        for key in sorted(self.keys()):
            if f"{NAME_SPACE}ns:devices:" not in key or ":uid:" in key or key.endswith("schema-version"):
                continue
            kind = self.ask("TYPE", key)
            found[key] = {b"string": lambda key: self.ask("GET", key),
                          b"zset": lambda key: self.ask("ZRANGE", key, 0, -1, *([] if ":pending" in key else ["WITHSCORES"])),
                          b"hash": lambda key: sorted(self.ask("HGETALL", key))}[kind](key)
        return found


def decoded(text):
    message = base64.b64decode(text + b"=" * (-len(text) % 4))
    return [(number, list(fields(value)) if number in SESSIONS else value) for number, value in fields(message)]


if __name__ == "__main__":
    pack.main()
