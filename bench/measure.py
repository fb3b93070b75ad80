"""Runs a command; tells how long it took and how much memory it had at most."""

import ctypes
import os
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass

PR_SET_CHILD_SUBREAPER = 36
# A process inherits the peak of the memory that it was forked from, and Python's is larger than what is
# measured here. So a shell forks it, ends, and leaves it to us.
FORK = 'output=$1; shift; "$@" >"$output" 2>&1 </dev/null & echo $!'


class Failed(Exception):
    """The measured command did not succeed."""


@dataclass
class Run:
    seconds: float
    peak_bytes: int
    output: str
    cpu_seconds: float = 0


def adopt_orphans():
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def spawn(command, environment, output):
    """The process ID of the command, which is a child of ours."""
    words = ["sh", "-c", FORK, "sh", output, *map(str, command)]
    return int(subprocess.run(words, env=environment, stdout=subprocess.PIPE, check=True).stdout)


def run(command, environment, meanwhile=None):
    """`meanwhile` is given the process ID, and returns when that process has ended."""
    with tempfile.NamedTemporaryFile() as output:
        start = time.perf_counter()
        pid = spawn(command, environment, output.name)
        if meanwhile:
            meanwhile(pid)
        _, status, usage = os.wait4(pid, 0)
        seconds = time.perf_counter() - start
        text = output.read().decode("utf-8", "replace")
    if status != 0:
        name = os.path.basename(str(command[0]))
        raise Failed(f"{name} ended with {os.waitstatus_to_exitcode(status)}: {text.strip()[-500:]}")
    return Run(seconds, usage.ru_maxrss * 1024, text, usage.ru_utime + usage.ru_stime)


def wall_times(command, environment, times):
    """Of a command that ends at once: without the shell in between."""
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
        seconds.append(time.perf_counter() - start)
    return seconds


def median_seconds(runs):
    return statistics.median(run.seconds for run in runs)


def peak_bytes(runs):
    return max(run.peak_bytes for run in runs)
