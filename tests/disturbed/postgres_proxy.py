"""Stands between the program and PostgreSQL, statement by statement, and does what a network or a server in trouble does."""

import re
import socket
import struct
import threading

from network import Network

CODES = {"40P01": "deadlock detected", "40001": "could not serialize access due to concurrent update",
         "55P03": "canceling statement due to lock timeout", "53100": "could not extend file: No space left on device",
         "25006": "cannot execute INSERT in a read-only transaction", "53200": "out of memory"}
SHUTDOWN = "57P01"
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|COPY|CREATE|ALTER|DROP|TRUNCATE|WITH|COMMIT|DO|LOCK|ANALYZE)\b", re.IGNORECASE)
# Nobody keeps a transaction from being rolled back; and how often progress is written depends on the time that things take.
NOT_COUNTED = re.compile(r"\s*(ROLLBACK$|UPDATE tti.operations SET step)", re.IGNORECASE)


def any_statement(_):
    return True


def writes(text):
    return bool(WRITES.match(text))


def commits(text):
    return text.strip().upper() == "COMMIT"


class Fault:
    """What is done at the `at`-th statement that it `counts`, once; with `lasting` at all that follow, too."""

    def __init__(self, at=0, counts=any_statement, lasting=False):
        self.at, self.counts, self.lasting = at, counts, lasting
        self.texts, self.done, self.guard = [], 0, threading.Lock()

    def strikes(self, text):
        with self.guard:
            if not self.counts(text) or NOT_COUNTED.match(text):
                return False
            self.texts.append(text)
            strikes = len(self.texts) == self.at or (self.lasting and self.at and len(self.texts) > self.at)
            self.done += strikes
            return strikes

    def accepts(self):
        return True


class LostRequest(Fault):
    """The connection ends before the server has the statement."""


class LostReply(Fault):
    """The server does the statement, and the connection ends instead of its answer."""


class Stall(Fault):
    """The statement is on its way for ever."""


class Garbled(Fault):
    """The statement is not what was sent."""


class GarbledReply(Fault):
    """The answer begins with what is no message of the protocol."""


class Answer(Fault):
    """The server gives this error instead of doing the statement, with all that it does to the transaction and the session."""

    def __init__(self, code, *arguments, **options):
        super().__init__(*arguments, **options)
        self.code = code

    def statement(self):
        if self.code == SHUTDOWN:
            return message(b"Q", b"SELECT pg_catalog.pg_terminate_backend(pg_catalog.pg_backend_pid())\0")
        return message(b"Q", f"DO $$ BEGIN RAISE EXCEPTION '{CODES[self.code]}' USING ERRCODE = '{self.code}'; END $$\0".encode())


class Event(Fault):
    """Something happens to the server before it has the statement."""

    def __init__(self, happens, *arguments, **options):
        super().__init__(*arguments, **options)
        self.happens = happens


class TooMany(Fault):
    """No connection is free, from the `at`-th on."""

    def accepts(self):
        self.texts.append("")
        self.done += len(self.texts) >= self.at
        return True


class Proxy(Network):
    def join(self, client, server):
        if isinstance(self.trouble, TooMany) and self.trouble.done:
            self.begin(refuse, client)
            return
        connection = Connection(self, client, server)
        self.begin(connection.up)
        self.begin(connection.down)


class Connection:
    """One connection of the program, and its own to the server."""

    def __init__(self, network, client, server):
        self.network, self.fault, self.client, self.server = network, network.trouble, client, server
        self.requests, self.answers = client.makefile("rb"), server.makefile("rb")
        self.text, self.held, self.answer = "", [], None
        self.losing, self.garbling = False, False

    def end(self):
        self.network.close(self.client, self.server)

    def up(self):
        try:
            head = self.requests.read(4)
            self.server.sendall(head + self.requests.read(struct.unpack("!I", head)[0] - 4))
            while message_read := read(self.requests):
                self.one(*message_read)
        except (OSError, struct.error, ValueError):
            pass
        self.requests.close()
        self.end()

    def one(self, kind, raw):
        """What belongs to a statement is held until the statement is known."""
        if kind == b"P":
            self.text = raw[5:].split(b"\0", 2)[1].decode(errors="replace")
        if self.answer:  # the server knows nothing of the rest of this batch
            if kind == b"S":
                self.server.sendall(self.answer)
                self.answer = None
            return
        self.held.append(raw)
        if kind in b"PBDC":
            return
        if kind == b"Q":
            self.text = raw[5:-1].decode(errors="replace")
        if kind in b"QE" and self.fault.strikes(self.text):
            self.strike(kind)
        held, self.held = self.held, []
        if held:
            self.server.sendall(b"".join(held))

    def strike(self, kind):
        fault = self.fault
        if isinstance(fault, LostRequest):
            raise ConnectionError
        if isinstance(fault, LostReply):
            self.losing = True
        elif isinstance(fault, GarbledReply):
            self.garbling = True
        elif isinstance(fault, Garbled):
            self.held = [garbled(raw) if raw[:1] in b"QP" else raw for raw in self.held]
        elif isinstance(fault, Stall):
            self.network.ended.wait()
            raise ConnectionError
        elif isinstance(fault, Event):
            fault.happens()
        elif isinstance(fault, Answer):
            self.held = [fault.statement()] if kind == b"Q" else []
            self.answer = None if kind == b"Q" else fault.statement()

    def down(self):
        try:
            while message_read := read(self.answers):
                kind, raw = message_read
                if self.losing:
                    if kind in b"ZGHW":
                        break
                    continue
                if self.garbling:
                    raw, self.garbling = bytes([raw[0] ^ 0x10]) + raw[1:], False
                self.client.sendall(raw)
        except (OSError, struct.error, ValueError):
            pass
        self.answers.close()
        self.end()


def garbled(raw):
    """The first letter of the text is another."""
    place = 5 if raw[:1] == b"Q" else 5 + raw[5:].index(b"\0") + 1
    while raw[place:place + 1].isspace():
        place += 1
    return raw[:place] + bytes([raw[place] ^ 0x10]) + raw[place + 1:]


def refuse(client):
    with client.makefile("rb") as file:
        head = file.read(4)
        file.read(struct.unpack("!I", head)[0] - 4)
        client.sendall(message(b"E", b"SFATAL\0VFATAL\0C53300\0Msorry, too many clients already\0\0"))
    client.shutdown(socket.SHUT_RDWR)


def message(kind, body):
    return kind + struct.pack("!I", len(body) + 4) + body


def read(file):
    """Type and bytes of one message; None at the end."""
    head = file.read(5)
    if len(head) < 5:
        return None
    return head[:1], head + file.read(struct.unpack("!I", head[1:])[0] - 4)
