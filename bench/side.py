"""The runs of one side of a comparison, ours or the bare server's, and both sides by turns."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass, field

from report import MEBI, Figure


class Side:
    """Wall time of each run, and the CPU time of server and client."""

    def __init__(self):
        self.walls, self.cpus, self.servers, self.peaks = [], [], [], []

    def add(self, server, run):
        """`run` returns seconds, or a measure.Run."""
        before = server.cpu_seconds()
        found = run()
        self.servers.append(server.cpu_seconds() - before)
        self.walls.append(getattr(found, "seconds", found))
        self.cpus.append(getattr(found, "cpu_seconds", 0))
        self.peaks.append(getattr(found, "peak_bytes", 0))

    @property
    def seconds(self):
        return statistics.median(self.walls)

    @property
    def cpu_seconds(self):
        return statistics.median(self.cpus)

    @property
    def server_seconds(self):
        return statistics.median(self.servers)

    @property
    def peak_bytes(self):
        return max(self.peaks)


@dataclass
class Work:
    """What a command does with data that are there, and the bare server's way to the same."""
    name: str
    server: object  # whose CPU time is told
    before: Callable  # makes the data what they were
    bare: Callable
    ours: Callable
    checks: list[Callable] = field(default_factory=list)  # of what ours has left

    def run(self, times):
        """Ours and bare, by turns."""
        ours, bare = Side(), Side()
        for _ in range(times):
            self.before()
            bare.add(self.server, self.bare)
            self.before()
            ours.add(self.server, self.ours)
            for check in self.checks:
                check()
        return ours, bare


def figures_beside(name, ours, bare, ratio_aim, memory_aim):
    """The whole command beside the bare work; then the server alone, which neither starts nor connects; then the memory."""
    return [Figure(name, ours.seconds, "s", bare=bare.seconds, ratio_aim=ratio_aim, cpu_seconds=ours.cpu_seconds,
                   server_seconds=ours.server_seconds),
            Figure(f"{name}, the server's CPU time", ours.server_seconds, "s", bare=bare.server_seconds),
            Figure(f"{name}, memory", ours.peak_bytes / MEBI, "MiB", aim=memory_aim)]
