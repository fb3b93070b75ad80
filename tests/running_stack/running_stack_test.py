"""Every command beside a model of a running stack: nothing is lost, nothing comes back, and the indexes are right at the end."""

import itertools
import json
import sys
import threading
import time
import unittest

sys.dont_write_bytecode = True

from client import Client
from devices import NAME_SPACE, Device, as_key, create_commands, js_key, ns_key
from surroundings import IdentityServer, Program, Redis
from writers import (ApplicationServer, Creator, JoinServer, NetworkServer, UplinkQueue, check_address, check_kept)

BINARY = sys.argv.pop(1)
DEVICES = 3000
STALE = 600


class Fixture(unittest.TestCase):
    def setUp(self):
        self.server = Redis()
        self.addCleanup(self.server.stop)
        self.redis = Client(self.server.socket)
        self.addCleanup(self.redis.close)
        self.program = Program(BINARY, self.server)
        self.numbers = itertools.count(1)
        self.devices = self.make(DEVICES, started=True)

    def make(self, count, **options):
        made = [Device(next(self.numbers)) for _ in range(count)]
        self.redis.pipeline(list(itertools.chain.from_iterable(create_commands(device, **options) for device in made)))
        return made

    def beside(self, writers, *commands):
        """Runs the commands while the writers write, and the writers a little longer than the commands."""
        for writer in writers:
            writer.start()
        self.wait_for(writers, 1)
        try:
            for words in commands:
                self.program(*words)
            self.wait_for(writers)
        finally:
            for writer in writers:
                writer.end()
        for writer in writers:
            # A transaction of the stack may fail once in a while; it must not be kept from working.
            self.assertLess(writer.aborted, 5 + writer.done / 20)

    def wait_for(self, writers, least=None):
        """A model that wrote too little would prove nothing."""
        deadline = time.monotonic() + 30
        while any(writer.is_alive() and writer.done < (least or writer.least) for writer in writers):
            self.assertLess(time.monotonic(), deadline, "the model does not get to write")
            time.sleep(0.01)

    def network_servers(self):
        return [NetworkServer(self.server.socket, self.devices, seed) for seed in range(2)]

    def application_servers(self):
        return [ApplicationServer(self.server.socket, self.devices, seed) for seed in range(2)]

    def check_devices(self, key_of, devices=None):
        started = 0
        for device in devices or self.devices:
            value = self.redis("GET", key_of(device))
            if device.alive:
                started += check_kept(value, device)
            else:
                self.assertIsNone(value, f"{device.uid} came back")
        return started

    def check_network_server(self, devices=None):
        self.check_devices(ns_key, devices)
        for device in devices or self.devices:
            if device.alive:
                check_address(self.redis, device)
        plan = json.loads(self.program("ns-db", "migrate", "--rebuild-index", "--dry-run", "--output=json").splitlines()[-1])
        self.assertTrue(any(note.endswith("has 0 differences.") for note in plan["notes"]), plan)

    def check_no_helpers(self):
        threading.Event().wait(0.4)
        mine = [key for key in self.redis("KEYS", "*:lock") if self.redis("PTTL", key) > 10_000]
        self.assertEqual(mine, [])


class Commands(Fixture):
    def test_ns_migrate_and_rebuild(self):
        for device in self.devices[::7]:  # damage that the rebuild has to mend
            self.redis("DEL", f"{NAME_SPACE}ns:devices:eui:{device.join_first}")
        self.beside(self.network_servers(), ("ns-db", "migrate"), ("ns-db", "migrate", "--rebuild-index"),
                    ("ns-db", "migrate", "--rebuild-index"))
        self.program("ns-db", "migrate", "--rebuild-index")
        self.check_network_server()
        self.check_no_helpers()

    def test_ns_prune(self):
        queue = UplinkQueue(self.server.socket, self.devices, 3)
        self.beside([queue, *self.network_servers()], *[("ns-db", "prune")] * 6)
        left = {entry[0] for entry in self.redis("XRANGE", UplinkQueue.stream, "-", "+")}
        self.assertEqual(queue.kept - left, set(), "entries that nobody had acknowledged are gone")
        self.check_network_server()

    def test_as_migrate(self):
        self.beside(self.application_servers(), ("as-db", "migrate"), ("as-db", "migrate", "--force"), ("as-db", "status"))
        self.assertEqual(self.check_devices(as_key), 0, "records with started_at are left")
        self.assertEqual(self.redis("GET", f"{NAME_SPACE}as:schema-version"), b"1")
        self.check_no_helpers()

    def test_js_migrate(self):
        writers = [JoinServer(self.server.socket, self.devices[:200], seed) for seed in range(2)]
        self.beside(writers, ("js-db", "migrate"), *[("js-db", "migrate", "--force")] * 4)
        for device in self.devices[:200]:
            kept = [identifier.decode() for identifier in
                    self.redis("LRANGE", f"{NAME_SPACE}js:keys:ids:{device.join_first}", 0, -1)]
            self.assertEqual(sorted(kept), sorted(device.session_keys), device.uid)
            for identifier in device.session_keys:
                self.assertEqual(self.redis("EXISTS", JoinServer.key(device, identifier)), 1, device.uid)

    def test_purges_and_reads(self):
        writers = [*self.network_servers(), UplinkQueue(self.server.socket, self.devices, 5)]
        self.redis.pipeline([("RPUSH", f"{NAME_SPACE}as:applicationups:uid:{device.uid}", "x") for device in self.devices])
        self.beside(writers, ("ns-db", "purge", "--yes", "--no-undo"), ("as-db", "purge", "--yes", "--no-undo"),
                    ("js-db", "migrate"), ("js-db", "status", "--output=json"), ("memory",))
        self.assertEqual(self.redis("KEYS", f"{NAME_SPACE}as:applicationups:*"), [])
        self.check_network_server()


class Cleanups(Fixture):
    """Cleanups: what is not in the Identity Server's database goes, and nothing else."""

    def setUp(self):
        super().setUp()
        self.stale = self.make(STALE)
        self.identity = IdentityServer(self.program)
        self.addCleanup(self.identity.stop)
        self.identity.add(self.devices)

    def new_device(self):
        """As the stack makes one: in the Identity Server first."""
        device = Device(next(self.numbers) + 1_000_000)
        self.identity.add([device])
        return device

    def creator(self):
        return Creator(self.server.socket, self.devices, 9, self.new_device)

    def test_ns_cleanup(self):
        creator = self.creator()
        self.beside([creator, *self.network_servers()], ("ns-db", "cleanup", "--yes", "--no-undo", "--max-delete=50%"))
        self.assertEqual([device.uid for device in self.stale if self.redis("EXISTS", ns_key(device))], [])
        self.check_network_server([*self.devices, *creator.made])

    def test_as_cleanup(self):
        creator = self.creator()
        self.beside([creator, *self.application_servers()], ("as-db", "cleanup", "--yes", "--no-undo", "--max-delete=50%"))
        self.assertEqual([device.uid for device in self.stale if self.redis("EXISTS", as_key(device))], [])
        self.check_devices(as_key, [*self.devices, *creator.made])

    def test_js_cleanup(self):
        creator = self.creator()
        joins = [JoinServer(self.server.socket, self.devices[:200], seed) for seed in range(2)]
        self.beside([creator, *joins], ("js-db", "cleanup", "--yes", "--no-undo", "--max-delete=50%"))
        self.assertEqual([device.uid for device in self.stale if self.redis("EXISTS", js_key(device))], [])
        for device in [*self.devices, *creator.made]:
            self.assertEqual(self.redis("EXISTS", js_key(device)), 1, device.uid)
            for identifier in device.session_keys:
                self.assertEqual(self.redis("EXISTS", JoinServer.key(device, identifier)), 1, device.uid)


if __name__ == "__main__":
    unittest.main(verbosity=2)
