"""A small Redis client: commands, pipelines, bulk loading, and MONITOR."""

import socket


class RedisError(Exception):
    pass


def encode(*arguments):
    """A command as the protocol has it."""
    parts = [b"*%d\r\n" % len(arguments)]
    for argument in arguments:
        data = argument if isinstance(argument, bytes) else str(argument).encode()
        parts.append(b"$%d\r\n%b\r\n" % (len(data), data))
    return b"".join(parts)


class Client:
    """`address` is a unix socket's path, or (host, port)."""

    def __init__(self, address, password=None, database=0):
        self.socket = socket.socket(socket.AF_UNIX if isinstance(address, str) else socket.AF_INET)
        self.socket.settimeout(60)
        try:
            self.socket.connect(address)
        except OSError:
            self.socket.close()
            raise
        self.reader = self.socket.makefile("rb")
        if password:
            self("AUTH", password)
        if database:
            self("SELECT", database)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.reader.close()
        self.socket.close()

    def __call__(self, *arguments):
        self.socket.sendall(encode(*arguments))
        return raised(self.read())

    def pipeline(self, commands):
        """The replies to all of `commands`, each a tuple."""
        self.socket.sendall(b"".join(encode(*command) for command in commands))
        return [raised(self.read()) for _ in commands]

    def load(self, pieces):
        """Sends encoded commands without reading their replies. Raises where one of them failed."""
        failed = self.failures()
        pending, size = [encode("CLIENT", "REPLY", "OFF")], 0
        for piece in pieces:
            pending.append(piece)
            size += len(piece)
            if size > 1 << 20:
                self.socket.sendall(b"".join(pending))
                pending, size = [], 0
        self.socket.sendall(b"".join(pending) + encode("CLIENT", "REPLY", "ON"))
        self.read()
        if self.failures() != failed:
            raise RedisError(f"a loaded command failed: {self('INFO', 'errorstats').decode()}")

    def failures(self):
        return [line for line in self("INFO", "stats").decode().splitlines() if line.startswith("total_error_replies")]

    def scan(self):
        """Every key of the database, sorted."""
        keys, cursor = set(), b"0"
        while True:
            cursor, page = self("SCAN", cursor, "COUNT", 1000)
            keys.update(page)
            if cursor == b"0":
                return sorted(keys)

    def read(self):
        line = self.reader.readline()
        if not line.endswith(b"\r\n"):
            raise RedisError("the server closed the connection")
        kind, rest = line[:1], line[1:-2]
        if kind == b"-":
            return RedisError(rest.decode())
        if kind == b"+":
            return rest
        if kind == b":":
            return int(rest)
        if kind == b"$":
            return None if rest == b"-1" else self.reader.read(int(rest) + 2)[:-2]
        return None if rest == b"-1" else [self.read() for _ in range(int(rest))]


def raised(reply):
    if isinstance(reply, RedisError):
        raise reply
    return reply
