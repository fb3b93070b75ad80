"""What `ps` shows to anybody on the machine: the command lines of processes."""

import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scenarios"))

from witness import command_line, descendants  # noqa: E402


class Listing:
    """Looks at those that come from process `root` again and again while `busy`; other tests' are their business."""

    def __init__(self, busy, root):
        self.busy, self.root, self.lines = busy, root, set()
        threading.Thread(target=self.look, daemon=True).start()

    def clear(self):
        self.lines = set()

    def look(self):
        while True:
            if self.busy():
                self.lines.update(filter(None, (" ".join(command_line(process)) for process in descendants(self.root))))
            time.sleep(0.05)
