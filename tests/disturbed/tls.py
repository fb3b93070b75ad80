"""Servers that speak TLS, with a certificate that the program can verify."""

import os
import shutil
import subprocess

from postgres_world import Databases
from world import Redis, World

from servers import free_port, server_folder


class Certificate:
    """Its own authority, for this machine's loopback; owned by whom the servers run as."""

    def __init__(self):
        self.folder = server_folder("certificate")
        self.file, self.key = self.folder / "server.crt", self.folder / "server.key"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", self.key, "-out",
                        self.file, "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
                       stderr=subprocess.DEVNULL, check=True)
        owner = self.folder.stat()
        os.chown(self.key, owner.st_uid, owner.st_gid)
        self.key.chmod(0o600)

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)


class EncryptedDatabases(Databases):
    """PostgreSQL that takes nobody over TCP without TLS."""

    def __init__(self, binary):
        self.certificate = Certificate()
        super().__init__(binary, [f"ssl = on\nssl_cert_file = '{self.certificate.file}'\nssl_key_file = '{self.certificate.key}'"],
                         f"sslmode=verify-full&sslrootcert={self.certificate.file}")

    def stop(self):
        super().stop()
        self.certificate.remove()


class EncryptedRedis(Redis):
    def __init__(self, folder):
        self.certificate, self.port = Certificate(), free_port()
        super().__init__(folder, ["--tls-port", str(self.port), "--tls-cert-file", self.certificate.file, "--tls-key-file",
                                  self.certificate.key, "--tls-ca-cert-file", self.certificate.file, "--tls-auth-clients", "no"])

    def stop(self):
        super().stop()
        self.certificate.remove()


class EncryptedWorld(World):
    def __init__(self, binary):
        super().__init__(binary, redis=EncryptedRedis)

    def start(self, words, address=None, **variables):
        """`address` is a port."""
        return super().start(words, f"127.0.0.1:{address or self.redis.port}", TTN_LW_REDIS_TLS_REQUIRE="true",
                             TTN_LW_REDIS_TLS_ROOT_CA=str(self.redis.certificate.file), **variables)
