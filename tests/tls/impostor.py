"""Servers that a client which asks for TLS must not speak to: with another's certificate, older than TLS 1.2, or without TLS."""

import shutil
import socket
import ssl
import subprocess
import threading
import warnings

from network import accepted

SSL_REQUEST = bytes.fromhex("0000000804d2162f")  # what a client of PostgreSQL sends before TLS
GRACE = 0.5  # seconds in which something may still come


class Authority:
    """Signs whatever it is asked to, in a folder."""

    def __init__(self, folder, name):
        self.folder, self.name, self.certificate = folder, name, folder / f"{name}.crt"
        self.openssl("req", "-x509", *self.new_key(name), "-out", self.certificate, "-days", "2", "-subj", f"/CN={name}")

    def issue(self, name, host):
        request, certificate, extension = (self.folder / f"{self.name}-{name}.{end}" for end in ("csr", "crt", "ext"))
        self.openssl("req", *self.new_key(f"{self.name}-{name}"), "-out", request, "-subj", f"/CN={host}")
        extension.write_text(f"subjectAltName=DNS:{host}\n", encoding="utf-8")
        self.openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.folder / f"{self.name}.key", "-CAcreateserial",
                     "-out", certificate, "-days", "2", "-extfile", extension)
        return certificate, self.folder / f"{self.name}-{name}.key"

    def new_key(self, name):
        return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", self.folder / f"{name}.key"]

    @staticmethod
    def openssl(*arguments):
        subprocess.run([shutil.which("openssl"), *arguments], check=True, capture_output=True)


class Impostor:
    """Takes connections, and remembers what it could read of what came: below TLS, where it speaks that."""

    def __init__(self, context=None):
        self.context, self.read, self.connections = context, b"", 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.threads = [threading.Thread(target=self.accept, daemon=True)]
        self.threads[0].start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        for thread in self.threads:
            thread.join(10)
        self.listener.close()

    def accept(self):
        for client in accepted(self.listener):
            self.connections += 1
            self.threads.append(threading.Thread(target=self.serve, args=(client,), daemon=True))
            self.threads[-1].start()

    def serve(self, client):
        with client:
            client.settimeout(5)
            try:
                self.listen(client)
            except OSError:  # an SSLError too: whoever comes has left
                pass

    def listen(self, client):
        if client.recv(8, socket.MSG_PEEK) == SSL_REQUEST:
            client.recv(8)
            client.sendall(b"S" if self.context else b"N")
        with self.context.wrap_socket(client, server_side=True) if self.context else client as understood:
            understood.settimeout(GRACE)
            self.read += understood.recv(65536)


def context(pair, old=False):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(*pair)
    made.set_alpn_protocols(["h2", "http/1.1"])
    if old:
        made.set_ciphers("DEFAULT@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            made.minimum_version = made.maximum_version = ssl.TLSVersion.TLSv1_1
    return made
