"""Stands between the program and Redis, command by command, and does what a network or a server in trouble does."""

import socket
import threading

from network import accepted, connected

SCRIPTS = {b"EVAL", b"EVALSHA"}


class Fault:
    """What is done at the `at`-th command that it `counts`, once; with `lasting` at all that follow, too."""

    def __init__(self, at, counts=lambda words: True, lasting=False):
        self.at, self.counts, self.lasting = at, counts, lasting
        self.seen, self.done, self.guard = 0, 0, threading.Lock()

    def strikes(self, words):
        with self.guard:
            if not self.counts(words):
                return False
            self.seen += 1
            strikes = self.seen == self.at or (self.lasting and self.seen > self.at)
            self.done += strikes
            return strikes


class LostRequest(Fault):
    """The connection ends before the server has the command."""


class LostReply(Fault):
    """The server does the command, and the connection ends in the middle of its reply."""


class Stall(Fault):
    """The command is on its way for ever."""


class Answer(Fault):
    """The server answers with an error instead of doing the command."""

    def __init__(self, error, *arguments, **options):
        super().__init__(*arguments, **options)
        self.error = error.encode()


class Proxy:
    def __init__(self, server_path, path, fault):
        self.server_path, self.path, self.fault, self.pairs = str(server_path), str(path), fault, []
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.path)
        self.listener.listen(16)
        threading.Thread(target=self.accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for pair in self.pairs:
            pair.end()

    def accept(self):
        for client in accepted(self.listener):
            self.pairs.append(Pair(client, connected(self.server_path), self.fault))
            threading.Thread(target=self.pairs[-1].run, daemon=True).start()


class Pair:
    """One connection of the program, and its own to the server."""

    def __init__(self, client, server, fault):
        self.client, self.server, self.fault = client, server, fault
        self.requests, self.replies = client.makefile("rb"), server.makefile("rb")
        self.aborted = False  # a command of the transaction under way was refused
        self.ended = threading.Event()

    def end(self):
        self.ended.set()
        for end in (self.client, self.server):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def run(self):
        try:
            while not self.ended.is_set() and self.one():
                pass
        except OSError:
            pass
        self.end()
        for file in (self.requests, self.replies, self.client, self.server):
            file.close()

    def one(self):
        raw, words = read_request(self.requests)
        if not words:
            return False
        if not self.fault.strikes(words):
            return self.pass_on(raw, words)
        if isinstance(self.fault, Stall):
            self.ended.wait()
        elif isinstance(self.fault, Answer):
            self.aborted = True
            self.client.sendall(b"-" + self.fault.error + b"\r\n")
            return True
        elif isinstance(self.fault, LostReply):
            self.server.sendall(raw)
            reply = read_reply(self.replies)
            self.client.sendall(reply[:len(reply) // 2])
        return False

    def pass_on(self, raw, words):
        name = words[0].upper()
        if name == b"MULTI":
            self.aborted = False
        if name == b"EXEC" and self.aborted:
            raw = b"*1\r\n$7\r\nDISCARD\r\n"
        self.server.sendall(raw)
        reply = read_reply(self.replies)
        if name == b"EXEC" and self.aborted:
            self.aborted, reply = False, b"-EXECABORT Transaction discarded because of previous errors.\r\n"
        self.client.sendall(reply)
        return bool(reply)


def read_request(file):
    """Its bytes and its words; nothing at the end."""
    line = file.readline()
    raw, words = [line], []
    for _ in range(int(line[1:]) if line else 0):
        head = file.readline()
        word = file.read(int(head[1:]) + 2)
        raw += [head, word]
        words.append(word[:-2])
    return b"".join(raw), words


def read_reply(file):
    """The bytes of one reply."""
    line = file.readline()
    kind, rest = line[:1], line[1:-2]
    if kind in b"$=" and kind and int(rest) >= 0:
        return line + file.read(int(rest) + 2)
    if kind in b"*~>%" and kind and int(rest) > 0:
        return line + b"".join(read_reply(file) for _ in range(int(rest) * (2 if kind == b"%" else 1)))
    return line


def is_own(words):
    """Of the program's own keys: run lock, journal, checkpoints."""
    return any(b":tti:" in word for word in words[1:8])
