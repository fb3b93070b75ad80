"""What was found, as a table a topic and as JSON."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

MEBI = 1 << 20
COLUMNS = ("", "figure", "bare", "ratio", "aim", "memory", "CPU: ours + server")


@dataclass
class Figure:
    what: str
    value: float
    unit: str  # "s", "ms" or "MiB"
    bare: float | None = None  # the same unit, of the bare server in the same run
    aim: float | None = None  # in the unit
    ratio_aim: float | None = None
    memory_bytes: int | None = None
    cpu_seconds: float | None = None  # of our process
    server_seconds: float | None = None  # of Redis meanwhile

    @property
    def ratio(self):
        return self.value / self.bare if self.bare else None

    def missed(self):
        over_ratio = self.ratio_aim is not None and self.ratio is not None and self.ratio > self.ratio_aim
        return over_ratio or (self.aim is not None and self.value > self.aim)

    def as_json(self):
        return asdict(self) | {"ratio": self.ratio, "missed": self.missed()}

    def aim_text(self):
        aims = [f"{self.aim:g} {self.unit}" if self.aim is not None else "",
                f"{self.ratio_aim:g}x" if self.ratio_aim is not None else ""]
        return " and ".join(filter(None, aims)) + (" (missed)" if self.missed() else "")

    def cells(self):
        return (self.what, quantity(self.value, self.unit),
                quantity(self.bare, self.unit) if self.bare is not None else "",
                f"{self.ratio:.2f}x" if self.ratio is not None else "", self.aim_text(),
                f"{self.memory_bytes / MEBI:.1f} MiB" if self.memory_bytes is not None else "",
                f"{self.cpu_seconds:.3f} + {self.server_seconds:.3f} s" if self.cpu_seconds is not None else "")


def quantity(value, unit):
    return f"{value:.3f} {unit}" if unit == "s" else f"{value:.1f} {unit}"


def table(figures):
    return aligned([COLUMNS, *(figure.cells() for figure in figures)], left=(0, 4))


def aligned(rows, left):
    """Lines whose columns are as wide as they have to be; those named by `left` begin at their left."""
    widths = [max(map(len, column)) for column in zip(*rows)]
    for row in rows:
        cells = (cell.ljust(width) if column in left else cell.rjust(width)
                 for column, (cell, width) in enumerate(zip(row, widths)))
        yield "  " + "  ".join(cells).rstrip()


def save_json(path, about, topics):
    """`about`: what it was measured on and when."""
    data = {topic: [figure.as_json() for figure in figures] for topic, figures in topics.items()}
    Path(path).write_text(json.dumps({"about": about} | data, indent=2) + "\n", encoding="utf-8")
