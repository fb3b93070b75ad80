"""Prune and purge on real streams and lists."""

import re

import pack
from pack import EXPECTED, NAME_SPACE, PackTest

LEGACY = EXPECTED["legacy"]
INPUT = NAME_SPACE + "ns:tasks:downlink:input"
UPLINKS = NAME_SPACE + "ns:application-uplinks:uplinks"


def read_by_all(key, removed):
    """How many of `removed` entries go: unlike the reference, what another group has not read is left to it."""
    return min([removed, *(group["delivered"] for group in EXPECTED["streams"][key]["groups"].values())])


class Removal(PackTest):
    def lengths(self):
        return {key: self.ask("XLEN", key) for key in LEGACY["prune"]}

    def test_prune_keeps_what_was_not_acknowledged(self):
        self.run_program("ns-db", "prune")
        expected = {key: stream["entries"] - read_by_all(key, stream["delivered_and_acknowledged"])
                    for key, stream in LEGACY["prune"].items()}
        self.assertEqual(self.lengths(), expected)
        emptied = {key for key, left in expected.items() if left == 0}
        self.assertEqual(emptied & self.keys(), set(), "an emptied stream of an old release goes")

    def test_prune_with_pending_entries_removes_what_the_reference_removes(self):
        self.run_program("ns-db", "prune", "--include-pending", "--yes")
        self.assertEqual(self.lengths(), {key: stream["entries"] - read_by_all(key, stream["pruned_by_the_reference"])
                                          for key, stream in LEGACY["prune"].items()})

    def test_prune_removes_what_is_dead_today(self):
        pending = EXPECTED["uplink_queue"]["entries"]
        self.run_program("ns-db", "prune")
        self.assertEqual(self.ask("XLEN", INPUT), 0, "every entry was acknowledged")
        self.assertEqual(self.ask("XLEN", UPLINKS), pending, "the killed consumers have them all")
        self.assertEqual(self.ask("XPENDING", UPLINKS, "ns")[0], pending)

    def test_prune_twice_is_prune_once(self):
        self.run_program("ns-db", "prune")
        before = self.keys(), self.lengths()
        self.run_program("ns-db", "prune")
        self.assertEqual((self.keys(), self.lengths()), before)

    def test_network_server_purge(self):
        before = self.keys()
        self.run_program("ns-db", "purge", "--yes", "--no-undo")
        self.assertEqual(before - self.keys(), set(LEGACY["ns_purge_keys"]))
        self.assertEqual(self.keys() - before, set())

    def test_application_server_purge(self):
        before = self.keys()
        self.run_program("as-db", "purge", "--yes", "--no-undo")
        self.assertEqual(before - self.keys(), set(LEGACY["as_purge_keys"]))
        self.assertEqual(self.keys() - before, set())

    def test_purges_are_undone_by_restore(self):
        for group in ("ns-db", "as-db"):
            before = {key: self.ask("DUMP", key) for key in LEGACY[group.replace("-db", "_purge_keys")]}
            said = self.run_program(group, "purge", "--yes", "--undo-to", "undo")
            self.run_program("restore", re.search(r"(\S+\.undo)", said)[1])
            self.assertEqual({key: self.ask("DUMP", key) for key in before}, before)


if __name__ == "__main__":
    pack.main()
