"""What `ps` shows to anybody on the machine: the command lines of all processes."""

import threading
import time
from pathlib import Path


class Listing:
    """Looks at them again and again while `busy`."""

    def __init__(self, busy):
        self.busy, self.lines = busy, set()
        threading.Thread(target=self.look, daemon=True).start()

    def clear(self):
        self.lines = set()

    def look(self):
        while True:
            if self.busy():
                self.lines.update(command_lines())
            time.sleep(0.05)


def command_lines():
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if line:
            yield line.rstrip(b"\0").replace(b"\0", b" ").decode(errors="replace")
