"""A network between the program and any server, which knows nothing of what it carries: it loses, delays, slices and damages bytes."""

import socket
import threading
import time

UP, DOWN = "to the server", "to the program"


class Trouble:
    """What happens to the bytes of one direction from the `at`-th on; without it, all pass and are counted."""

    def __init__(self, direction=None, at=0):
        self.direction, self.at = direction, at
        self.passed, self.done, self.guard = {UP: 0, DOWN: 0}, 0, threading.Lock()

    def through(self, direction, chunk):
        """The pieces that arrive one by one; None ends everything."""
        with self.guard:
            before = self.passed[direction]
            self.passed[direction] += len(chunk)
            if direction != self.direction or self.passed[direction] <= self.at:
                return [chunk]
            self.done += 1
            return self.strike(chunk, max(0, self.at - before))

    def strike(self, chunk, offset):
        """The first piece that is struck begins at `offset`."""
        return [chunk]

    def accepts(self):
        return True


class Refusal(Trouble):
    """Whoever comes is sent away."""

    def accepts(self):
        self.done += 1
        return False


class Cut(Trouble):
    """Every connection ends once so many bytes have passed."""

    def strike(self, chunk, offset):
        return [chunk[:offset], None]


class Silence(Trouble):
    """Nothing more arrives in that direction, for ever."""

    def strike(self, chunk, offset):
        return [chunk[:offset]]


class Damage(Trouble):
    """One bit of one byte is another."""

    def strike(self, chunk, offset):
        if self.done > 1:
            return [chunk]
        return [chunk[:offset] + bytes([chunk[offset] ^ 0x10]) + chunk[offset + 1:]]


class Delay(Trouble):
    """Everything takes its time."""

    def strike(self, chunk, offset):
        time.sleep(0.002)
        return [chunk]


class Slices(Trouble):
    """Bytes arrive one by one, of every chunk the first few hundred."""

    def strike(self, chunk, offset):
        return [chunk[place:place + 1] for place in range(len(chunk))][:300] + [chunk[300:]]


class Network:
    """Listens on a port of its own; `server` is a port of this machine or the path of a unix socket."""

    def __init__(self, server, trouble):
        self.server, self.trouble, self.ended, self.guard = server, trouble, threading.Event(), threading.Lock()
        self.sockets, self.threads = [], []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]

    def __enter__(self):
        self.begin(self.accept)
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.close(self.listener)
        self.threads[0].join()
        self.end()
        for thread in self.threads[1:]:
            thread.join()
        for end in (self.listener, *self.sockets):
            end.close()

    def begin(self, target, *arguments):
        self.threads.append(threading.Thread(target=target, args=arguments, daemon=True))
        self.threads[-1].start()

    def accept(self):
        for client in accepted(self.listener):
            if not self.trouble.accepts():
                client.close()
                continue
            try:
                server = connected(self.server)
            except OSError:  # it is not there now
                client.close()
                continue
            with self.guard:
                self.sockets += [client, server]
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.join(client, server)

    def join(self, client, server):
        self.begin(self.pump, client, server, UP)
        self.begin(self.pump, server, client, DOWN)

    def pump(self, source, sink, direction):
        try:
            while chunk := source.recv(1 << 16):
                for piece in self.trouble.through(direction, chunk):
                    if piece is None:
                        self.end()
                        return
                    if piece:
                        sink.sendall(piece)
        except OSError:
            pass
        self.close(source, sink)

    @staticmethod
    def close(*ends):
        for end in ends:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def end(self):
        with self.guard:
            ends = list(self.sockets)
        self.close(*ends)


def accepted(listener):
    """Who connects, one after the other, until it is shut down."""
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        yield client


def connected(server):
    if isinstance(server, int):
        made = socket.create_connection(("127.0.0.1", server))
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made
    made = socket.socket(socket.AF_UNIX)
    made.connect(str(server))
    return made
