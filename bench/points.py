"""How a command's time and memory grow with what it works on: measured points, and the table of them."""

import math
from dataclasses import asdict, dataclass, fields
from itertools import groupby

from report import MEBI


@dataclass
class Point:
    command: str
    amount: int
    of: str  # what is counted
    beside: str  # what the bare server does
    seconds: float
    bare_seconds: float
    cpu_seconds: float  # of our process
    server_seconds: float  # of the server meanwhile
    bare_server_seconds: float
    peak_bytes: int

    @property
    def ratio(self):
        return self.seconds / self.bare_seconds

    @property
    def all_cpu_seconds(self):
        return self.cpu_seconds + self.server_seconds

    def as_json(self):
        return asdict(self) | {"ratio": self.ratio}


def from_json(data):
    names = {field.name for field in fields(Point)}
    return [Point(**{name: value for name, value in point.items() if name in names}) for point in data]


def by_command(points):
    """(command, its points from the smallest amount to the largest)"""
    return [(command, sorted(found, key=lambda point: point.amount))
            for command, found in groupby(points, key=lambda point: point.command)]


def for_ten_times(points, value):
    """By how much a value is multiplied when the amount is, tenfold, between the two largest; None of a single amount."""
    if len(points) < 2:
        return None
    one, other = points[-2:]
    steepness = math.log(value(other) / value(one)) / math.log(other.amount / one.amount)
    return 10 ** steepness


ROWS = (("time", lambda point: point.seconds, "{:.3f} s", True),
        ("beside the bare server", lambda point: point.ratio, "{:.2f}x", False),
        ("CPU time, with the server's", lambda point: point.all_cpu_seconds, "{:.3f} s", True),
        ("memory at most", lambda point: point.peak_bytes / MEBI, "{:.1f} MiB", True))


def table(points):
    """Its head and its rows, as texts."""
    amounts = sorted({point.amount for point in points})
    head = ("", "", *(f"{amount:,}" for amount in amounts), "for ten times as much")
    return [head, *(row for command, found in by_command(points) for row in rows_of(command, found, amounts))]


def rows_of(command, points, amounts):
    there = {point.amount: point for point in points}
    names = (command, points[0].of, f"bare: {points[0].beside}", "")
    for name, (what, value, form, grows) in zip(names, ROWS):
        factor = for_ten_times(points, value) if grows else None
        yield (name, what, *(form.format(value(there[amount])) if amount in there else "" for amount in amounts),
               f"{factor:.2f}x" if factor else "")
