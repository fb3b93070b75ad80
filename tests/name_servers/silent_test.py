"""What waits for a name server that never answers: silent_test.py BINARY"""

import fcntl
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scenarios"))

from redis_server import PASSWORD, Redis  # noqa: E402
from servers import PASSWORD as DATABASE_PASSWORD  # noqa: E402
from servers import Postgres  # noqa: E402
import witness  # noqa: E402

INSIDE = "--inside"
GIVES_UP = 30  # the system, after so many seconds; it allows no more
SOON = 20      # less than that, and much more than a busy machine takes
UNREACHABLE, INTERRUPTED = 4, 130
SIOCSIFFLAGS, IFF_UP = 0x8914, 1


def main():
    if os.geteuid() != 0:
        sys.exit("A silent name server needs a mount and a network namespace, so this test needs root.")
    if INSIDE not in sys.argv:
        sys.exit(subprocess.run(["unshare", "--mount", "--net", sys.executable, *sys.argv, INSIDE], check=False).returncode)
    sys.argv.remove(INSIDE)
    Silent.binary = Path(sys.argv.pop(1)).resolve()
    unittest.main(verbosity=2)


def bring_up_loopback():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sH14s", b"lo", IFF_UP, b""))


def replace(path, text, folder):
    ours = Path(folder) / Path(path).name
    ours.write_text(text, encoding="utf-8")
    subprocess.run(["mount", "--bind", ours, path], check=True)


class Silent(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="tti-names-")
        cls.addClassCleanup(folder.cleanup)
        bring_up_loopback()
        cls.name_server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        cls.name_server.bind(("127.0.0.1", 53))
        cls.name_server.settimeout(GIVES_UP)
        cls.addClassCleanup(cls.name_server.close)
        for path, text in (("/etc/resolv.conf", f"nameserver 127.0.0.1\noptions timeout:{GIVES_UP} attempts:1\n"),
                           ("/etc/nsswitch.conf", "hosts: files dns\npasswd: files\ngroup: files\n")):
            replace(path, text, folder.name)
            cls.addClassCleanup(subprocess.run, ["umount", path], check=True)
        cls.postgres, cls.redis = Postgres.start(), Redis()
        cls.addClassCleanup(cls.postgres.stop)
        cls.addClassCleanup(cls.redis.stop)
        cls.postgres.create_database("stack")
        cls.settings = {"TTN_LW_IS_DATABASE_URI": cls.postgres.uri("stack"), "TTN_LW_REDIS_ADDRESS": cls.redis.socket,
                        "TTN_LW_REDIS_PASSWORD": PASSWORD}
        witness.run([cls.binary, "is-db", "migrate"], env=cls.environment(), check=True, capture_output=True)

    @classmethod
    def environment(cls, **variables):
        return {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LANG": "C.UTF-8", **cls.settings, **variables}

    def start(self, *words, **variables):
        self.forget_questions()
        self.began = time.monotonic()
        return witness.Program([self.binary, *words], env=self.environment(**variables), cwd="/", stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def forget_questions(self):
        self.name_server.setblocking(False)
        try:
            while True:
                self.name_server.recv(512)
        except BlockingIOError:
            self.name_server.settimeout(GIVES_UP)

    def end(self, popen):
        out, err = popen.communicate(timeout=2 * GIVES_UP)
        self.assertLess(time.monotonic() - self.began, SOON, err)
        return popen.returncode, out, err

    def test_status_tells_of_the_other_databases_in_its_time(self):
        for name, variables, well in (
                ("redis", {"TTN_LW_REDIS_ADDRESS": "redis.example.com:6379"}, {"is-db"}),
                ("database", {"TTN_LW_IS_DATABASE_URI": "postgres://stack:x@database.example.com/stack"}, {"ns-db", "as-db", "js-db", "dcs-db"})):
            popen = self.start("status", "--timeout", "4s", "--output", "json", **variables)
            self.assertIn(name.encode(), self.name_server.recv(512))
            code, out, _ = self.end(popen)
            states = {database["group"]: database["state"] for database in json.loads(out)["databases"]}
            self.assertEqual(code, UNREACHABLE, out)
            self.assertEqual({group for group, state in states.items() if state != "unreachable"}, well)

    def test_one_database_alone_is_waited_for_as_long_as_its_address_says(self):
        popen = self.start("is-db", "status", TTN_LW_IS_DATABASE_URI="postgres://stack:x@database.example.com/stack?connect_timeout=1")
        code, _, err = self.end(popen)
        self.assertEqual(code, UNREACHABLE)
        self.assertIn('could not translate host name "database.example.com" to address: no answer from the name servers in time', err)
        self.assertIn("hint: Check that the name servers of this machine (/etc/resolv.conf) can be reached", err)

    def test_a_host_that_needs_no_name_server_is_used(self):
        address = f"postgres://stack:{DATABASE_PASSWORD}@database.example.com,127.0.0.1:{self.postgres.port}/stack?sslmode=disable&connect_timeout=1"
        self.assertEqual(self.end(self.start("is-db", "status", TTN_LW_IS_DATABASE_URI=address.replace(
            "example.com,", f"example.com:{self.postgres.port},")))[0], 0)

    def test_control_c_ends_the_wait(self):
        for words, variables in (
                (["is-db", "status"], {"TTN_LW_IS_DATABASE_URI": "postgres://stack:x@database.example.com/stack"}),
                (["ns-db", "status"], {"TTN_LW_REDIS_ADDRESS": "redis.example.com:6379"}),
                (["backup", "verify", "s3://bucket/archive"], {"AWS_ENDPOINT_URL": "http://s3.example.com", "AWS_REGION": "eu-west-1",
                                                              "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"})):
            popen = self.start(*words, **variables)
            self.name_server.recv(512)
            popen.send_signal(signal.SIGINT)
            self.assertEqual(self.end(popen)[0], INTERRUPTED)


if __name__ == "__main__":
    main()
