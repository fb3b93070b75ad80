"""What the program costs before it does anything, and its size."""

import shutil
import statistics
import subprocess

import measure as measuring
from report import MEBI, Figure

TITLE = "start-up and size (bare: /bin/true)"
TIMES = 50
LONGEST = 15  # ms
MOST_MEMORY = 20  # MiB
LARGEST = 8  # MiB


def measure(place):
    commands = {"version": [place.binary, "version"], "--help": [place.binary, "--help"],
                "is-db --help": [place.binary, "is-db", "--help"], "/bin/true": ["/bin/true"]}
    seconds = {name: [] for name in commands}
    for _ in range(TIMES):
        for name, command in commands.items():
            seconds[name] += measuring.wall_times(command, place.environment(), 1)
    milliseconds = {name: statistics.median(found) * 1000 for name, found in seconds.items()}
    bare = milliseconds.pop("/bin/true")
    result = []
    for name, value in milliseconds.items():
        result.append(Figure(name, value, "ms", bare=bare, aim=LONGEST))
        peak = measuring.run(commands[name], place.environment()).peak_bytes
        result.append(Figure(f"{name}, memory", peak / MEBI, "MiB", aim=MOST_MEMORY))
    return [*result, Figure("binary, stripped", stripped_size(place) / MEBI, "MiB", aim=LARGEST)]


def stripped_size(place):
    copy = place.folder / "stripped"
    shutil.copy(place.binary, copy)
    subprocess.run(["strip", str(copy)], check=True)
    return copy.stat().st_size
