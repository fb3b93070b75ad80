"""Starts the programs of a scenario: in the foreground, in the background, and on a terminal of their own."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from dataclasses import dataclass
from pathlib import Path

import witness

INTERRUPT = "\x03"  # Ctrl-C, which no Enter follows


@dataclass
class Finished:
    status: int
    stdout: str
    stderr: str
    screen: str = ""
    left: str = ""  # of the screen, what was not drawn over


class TimedOut(Exception):
    pass


class Process:
    """A running program; its output goes to files, so that it never blocks on a reader."""

    def __init__(self, arguments, *, folder, environment, output, stdin=""):
        self.stdout, self.stderr = output.with_suffix(".stdout"), output.with_suffix(".stderr")
        given = output.with_suffix(".stdin")
        given.write_text(stdin, encoding="utf-8")
        with open(given, "rb") as source, open(self.stdout, "wb") as out, open(self.stderr, "wb") as error:
            self.popen = witness.Program(arguments, cwd=folder, env=environment, stdin=source, stdout=out,
                                           stderr=error, start_new_session=True)

    def text(self, stream):
        return getattr(self, stream).read_text(encoding="utf-8", errors="replace")

    def wait(self, timeout):
        try:
            self.popen.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            raise TimedOut(f"still running after {timeout} seconds\n{self.text('stderr')}") from None
        return Finished(self.popen.returncode, self.text("stdout"), self.text("stderr"))

    def signal(self, name):
        self.popen.send_signal(getattr(signal, "SIG" + name))

    def kill(self):
        if self.popen.poll() is None:
            self.popen.kill()
            self.popen.wait()


def plain(screen):
    """What a terminal was sent, without escape sequences and with a line for every redrawing."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[()][A-Z0-9]|\x07", "", screen).replace("\r\n", "\n").replace("\r", "\n")


def left_on(screen):
    """What stands on a terminal in the end: a progress bar erases its line before it draws it again."""
    return plain(re.sub(r"[^\n]*\r\x1b\[K", "", screen))


def run_on_terminal(arguments, *, folder, environment, answers, timeout):
    """Runs with a terminal of 100 columns as stdin, stdout and stderr. Answers are (text to wait for, what to type)."""
    primary, secondary = pty.openpty()
    fcntl.ioctl(secondary, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
    popen = witness.Program(arguments, cwd=folder, env={**environment, "TERM": "xterm"}, stdin=secondary,
                             stdout=secondary, stderr=secondary, start_new_session=True,
                             preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
    os.close(secondary)
    try:
        screen = converse(primary, list(answers), time.monotonic() + timeout)
        status = popen.wait(timeout)
    finally:
        if popen.poll() is None:
            popen.kill()
            popen.wait()
        os.close(primary)
    return Finished(status, "", "", plain(screen), left_on(screen))


def converse(terminal, answers, deadline):
    screen, answered = "", 0
    while True:
        if not select.select([terminal], [], [], max(0, deadline - time.monotonic()))[0]:
            raise TimedOut(f"nothing more came to the terminal, which showed:\n{plain(screen)}")
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # Linux's way to say that the other side is closed
            piece = b""
        if not piece:
            break
        screen += piece.decode("utf-8", errors="replace")
        if answers and answers[0][0] in screen[answered:]:
            answered = len(screen)
            text = answers.pop(0)[1]
            os.write(terminal, (text if text == INTERRUPT else text + "\n").encode())
    if answers:
        raise TimedOut(f"'{answers[0][0]}' was never asked; the terminal showed:\n{plain(screen)}")
    return screen


def private_folder(parent, name):
    path = Path(parent) / name
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path
