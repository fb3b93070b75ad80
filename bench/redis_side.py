"""The runs of one side of a comparison: ours or the bare server's."""

import statistics

from report import MEBI, Figure


class Side:
    """Wall time of each run, and the CPU time of server and client."""

    def __init__(self):
        self.walls, self.cpus, self.servers, self.peaks = [], [], [], []

    def add(self, redis, run):
        """`run` returns seconds, or a measure.Run."""
        before = redis.cpu_seconds()
        found = run()
        self.servers.append(redis.cpu_seconds() - before)
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


def figures_beside(name, ours, bare, ratio_aim, memory_aim):
    """The whole command beside the bare work; then the server alone, which neither starts nor connects; then the memory."""
    return [Figure(name, ours.seconds, "s", bare=bare.seconds, ratio_aim=ratio_aim, cpu_seconds=ours.cpu_seconds,
                   server_seconds=ours.server_seconds),
            Figure(f"{name}, the server's CPU time", ours.server_seconds, "s", bare=bare.server_seconds),
            Figure(f"{name}, memory", ours.peak_bytes / MEBI, "MiB", aim=memory_aim)]
