"""A throw-away Redis on a unix socket, whose data can be put back as it was before every run."""

import shutil
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import measure


class Redis:
    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="tti-bench-redis-"))
        self.socket = self.folder / "redis.sock"
        self.process = None
        self.run()

    def run(self):
        self.process = subprocess.Popen(
            ["redis-server", "--port", "0", "--unixsocket", str(self.socket), "--dir", str(self.folder), "--save", "",
             "--appendonly", "no", "--loglevel", "warning"], stdout=subprocess.DEVNULL)
        while True:
            answer = subprocess.run(self.command("PING"), capture_output=True, text=True, check=False)
            if answer.stdout.strip() == "PONG":
                return
            if self.process.poll() is not None:
                raise RuntimeError("redis-server ended")
            time.sleep(0.05)

    def stop(self):
        self.end()
        shutil.rmtree(self.folder, ignore_errors=True)

    def end(self):
        subprocess.run(self.command("SHUTDOWN", "NOSAVE"), capture_output=True, check=False)
        self.process.wait()

    def command(self, *words):
        return ["redis-cli", "-s", str(self.socket), *map(str, words)]

    def ask(self, *words):
        return subprocess.run(self.command(*words), capture_output=True, text=True, check=True).stdout.strip()

    def cpu_seconds(self):
        """What the server has used so far."""
        found = dict(line.split(":", 1) for line in self.ask("INFO", "cpu").splitlines() if ":" in line)
        return float(found["used_cpu_user"]) + float(found["used_cpu_sys"])

    def keep(self, name):
        self.ask("SAVE")
        shutil.move(self.folder / "dump.rdb", self.folder / f"{name}.kept")

    def recall(self, name):
        self.end()
        shutil.copy(self.folder / f"{name}.kept", self.folder / "dump.rdb")
        self.run()
        (self.folder / "dump.rdb").unlink()

    def fill(self, commands):
        """Sends an iterable of byte strings, each one or more commands in the protocol's form."""
        with tempfile.NamedTemporaryFile(dir=self.folder) as file:
            for piece in commands:
                file.write(piece)
            file.flush()
            self.pipe(Path(file.name))

    def pipe(self, file):
        """Seconds that the file's commands take over one connection: sent while the replies are read and dropped."""
        self.ask("CONFIG", "RESETSTAT")
        connection, token = self.connect(), b"the end of the file"
        start = time.perf_counter()
        sender = threading.Thread(target=send_all, args=(connection, file, resp("ECHO", token)))
        sender.start()
        tail = b""
        while not tail.endswith(token + b"\r\n"):
            tail = tail[-100:] + connection.recv(1 << 20)
        seconds = time.perf_counter() - start
        sender.join()
        if "total_error_replies:0" not in self.ask("INFO", "stats"):
            raise measure.Failed(f"commands of {file} were answered with errors")
        return seconds

    def connect(self):
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(str(self.socket))
        return connection

    def scan(self, pattern):
        """Seconds that a walk over the keys takes, page by page; nothing is made of the keys."""
        connection = self.connect()
        start, cursor = time.perf_counter(), b"0"
        while True:
            connection.sendall(resp("SCAN", cursor, "MATCH", pattern, "COUNT", 1024))
            cursor = page_end(connection)
            if cursor == b"0":
                return time.perf_counter() - start


def send_all(connection, file, end):
    with open(file, "rb") as commands:
        connection.sendfile(commands)
    connection.sendall(end)


def page_end(connection):
    """Reads one page; its cursor. Two lines a key follow the four of its head."""
    page = connection.recv(1 << 20)
    while page.count(b"\r\n") < 4 or page.count(b"\r\n") < 4 + 2 * int(page.split(b"\r\n", 4)[3][1:]):
        page += connection.recv(1 << 20)
    return page.split(b"\r\n", 3)[2]


def resp(*words):
    """One command in the protocol's form."""
    parts = [word if isinstance(word, bytes) else str(word).encode() for word in words]
    return b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%s\r\n" % (len(part), part) for part in parts)
