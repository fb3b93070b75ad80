"""How a command's time and memory grow with what it works on: measured points, and the table of them."""

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from itertools import groupby, zip_longest

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
    """By how much a value is multiplied when the amount is, tenfold, between the two largest; None of a single amount, and where
    the value is too small to be seen."""
    if len(points) < 2 or not all(map(value, points[-2:])):
        return None
    one, other = points[-2:]
    steepness = math.log(value(other) / value(one)) / math.log(other.amount / one.amount)
    return 10 ** steepness


@dataclass(frozen=True)
class Row:
    what: str
    value: Callable[[Point], float]
    form: str
    grows: bool = True  # a ratio does not


ROWS = (Row("time", lambda point: point.seconds, "{:.3f} s"),
        Row("the bare server's time", lambda point: point.bare_seconds, "{:.3f} s"),
        Row("beside it", lambda point: point.ratio, "{:.2f}x", grows=False),
        Row("its own CPU time", lambda point: point.cpu_seconds, "{:.3f} s"),
        Row("the server's CPU time", lambda point: point.server_seconds, "{:.3f} s"),
        Row("memory at most", lambda point: point.peak_bytes / MEBI, "{:.1f} MiB"))


def table(points):
    """Its head and its rows, as texts."""
    amounts = sorted({point.amount for point in points})
    head = ("", "", *(f"{amount:,}" for amount in amounts), "for ten times as much")
    return [head, *(row for command, found in by_command(points) for row in rows_of(command, found, amounts))]


def rows_of(command, points, amounts):
    there = {point.amount: point for point in points}
    names = (command, points[0].of, f"bare: {points[0].beside}")
    for name, row in zip_longest(names, ROWS, fillvalue=""):
        factor = for_ten_times(points, row.value) if row.grows else None
        yield (name, row.what, *(row.form.format(row.value(there[amount])) if amount in there else "" for amount in amounts),
               f"{factor:.2f}x" if factor else "")
