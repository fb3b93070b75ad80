"""The few messages of PostgreSQL's protocol that a probe needs; psql cannot time its own statements in a loop."""

import socket
import struct


def message(kind, body):
    return kind + struct.pack("!I", len(body) + 4) + body


class Connection:
    """On a unix socket that trusts its users."""

    def __init__(self, folder, port, database, user="stack"):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(f"{folder}/.s.PGSQL.{port}")
        self.pending = b""
        names = f"user\0{user}\0database\0{database}\0\0".encode()
        self.socket.sendall(message(b"", struct.pack("!I", 3 << 16) + names))
        self.wait()

    def fileno(self):
        return self.socket.fileno()

    def send(self, sql):
        self.socket.sendall(message(b"Q", sql.encode() + b"\0"))

    def receive(self):
        """Takes what has come; True when the server is ready for the next statement."""
        data = self.socket.recv(1 << 16)
        if not data:
            raise ConnectionError("the server hung up")
        self.pending += data
        ready = False
        while len(self.pending) >= 5:
            end = 1 + struct.unpack_from("!I", self.pending, 1)[0]
            if len(self.pending) < end:
                break
            kind, body, self.pending = self.pending[:1], self.pending[5:end], self.pending[end:]
            if kind == b"E":
                raise RuntimeError(body.replace(b"\0", b" ").decode("utf-8", "replace"))
            ready = kind == b"Z"
        return ready

    def wait(self):
        while not self.receive():
            pass

    def close(self):
        self.socket.close()
