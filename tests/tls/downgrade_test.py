"""Where TLS is asked for, nothing is said to a server that cannot prove who it is, speaks an older version, or none: downgrade_test.py BINARY"""

import socket
import ssl
import sys
import tempfile
import unittest
import warnings
from pathlib import Path

sys.dont_write_bytecode = True
for folder in ("scenarios", "disturbed"):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / folder))

from deployment import generate  # noqa: E402
from impostor import Authority, Impostor, context  # noqa: E402
from redis_client import encode  # noqa: E402
from redis_server import PASSWORD, Redis  # noqa: E402
import witness  # noqa: E402

BINARY = sys.argv.pop(1)
UNREACHABLE = 4
HANDSHAKE = b"\x16\x03"
KEY = "a0a0a0a0a0a0a0a00000000000000001"


class Downgrade(unittest.TestCase):
    """Each carrier below meets each impostor."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        cls.trusted, stranger = Authority(cls.folder, "trusted"), Authority(cls.folder, "stranger")
        cls.right = cls.trusted.issue("right", "localhost")
        cls.impostors = {
            "another authority's": context(stranger.issue("right", "localhost")),
            "another host's": context(cls.trusted.issue("other", "other.example.com")),
            "TLS 1.1": context(cls.right, old=True),
            "no TLS": None,
        }
        cls.redis = Redis()
        cls.addClassCleanup(cls.redis.stop)
        with cls.redis.client() as client:
            client.load(encode(*command) for command in generate("ns-devices", ["--devices", "3"]))

    def run_it(self, words, variables):
        return witness.run([BINARY, *words.split()], env={"PATH": "/usr/bin:/bin", "HOME": str(self.folder), "LANG": "C.UTF-8", **variables},
                           cwd=self.folder, capture_output=True, text=True, errors="replace", timeout=60)

    def postgres(self, port):
        return "is-db status", {"TTN_LW_IS_DATABASE_URI": f"postgresql://stack:hush@localhost:{port}/stack?sslmode=verify-full"
                                f"&sslrootcert={self.trusted.certificate}&connect_timeout=5"}

    def redis_server(self, port):
        return "ns-db status", {"TTN_LW_REDIS_ADDRESS": f"localhost:{port}", "TTN_LW_REDIS_PASSWORD": "hush", "TTN_LW_REDIS_TLS_REQUIRE": "true",
                                "TTN_LW_REDIS_TLS_ROOT_CA": str(self.trusted.certificate)}

    def identity_server(self, port):
        return "ns-db cleanup --dry-run", {"TTN_LW_REDIS_ADDRESS": self.redis.socket, "TTN_LW_REDIS_PASSWORD": PASSWORD,
                                           "TTN_LW_CLUSTER_IDENTITY_SERVER": f"localhost:{port}", "TTN_LW_CLUSTER_TLS": "true",
                                           "TTN_LW_CLUSTER_KEYS": KEY, "TTN_LW_TLS_ROOT_CA": str(self.trusted.certificate)}

    def aws(self, port):
        return "backup verify s3://bucket/monday", {"AWS_ENDPOINT_URL": f"https://localhost:{port}", "AWS_REGION": "eu-west-1",
                                                    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "hush",
                                                    "AWS_MAX_ATTEMPTS": "1", "AWS_CA_BUNDLE": str(self.trusted.certificate)}

    def test_nothing_is_said_to_an_impostor(self):
        for carrier in (self.postgres, self.redis_server, self.identity_server, self.aws):
            for name, of_server in self.impostors.items():
                with self.subTest(carrier=carrier.__name__, server=name), Impostor(of_server) as impostor:
                    done = self.run_it(*carrier(impostor.port))
                    self.assertEqual(done.returncode, UNREACHABLE, done.stdout + done.stderr)
                    self.assertRegex(done.stderr, r"(?m)^error: .*[^.]\nhint: ")
                    self.assertGreater(impostor.connections, 0)
                # A server without TLS can read the beginning of a handshake, which holds nothing.
                self.assertTrue(impostor.read == b"" or (of_server is None and impostor.read.startswith(HANDSHAKE)), impostor.read)

    def test_the_one_that_is_meant_is_spoken_to(self):
        for carrier in (self.postgres, self.redis_server, self.identity_server, self.aws):
            with self.subTest(carrier=carrier.__name__), Impostor(context(self.right)) as server:
                self.run_it(*carrier(server.port))
                self.assertNotEqual(server.read, b"")

    def test_a_server_of_an_old_version_can_be_met(self):
        """By a client that takes it; so those above were refused for it."""
        client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        client.load_verify_locations(self.trusted.certificate)
        client.set_ciphers("DEFAULT@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            client.minimum_version = ssl.TLSVersion.TLSv1_1
        with Impostor(self.impostors["TLS 1.1"]) as server:
            plain = socket.create_connection(("127.0.0.1", server.port), timeout=5)
            with client.wrap_socket(plain, server_hostname="localhost") as met:
                self.assertEqual(met.version(), "TLSv1.1")
                met.sendall(b"hello")
        self.assertEqual(server.read, b"hello")


if __name__ == "__main__":
    unittest.main(verbosity=2)
