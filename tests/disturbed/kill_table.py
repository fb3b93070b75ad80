"""What was killed where, and how it ended: told by each harness at its end, and by all of them together in kill_table_test.py."""

import json
import os
from collections import Counter
from pathlib import Path

RIGHT, WRONG = "as undisturbed", "otherwise"


class KillTable:
    def __init__(self, harness):
        self.harness, self.kills = harness, []

    def add(self, operation, point, passing, outcome):
        """`operation` is the command's words; `point` was passed so often when it was killed there."""
        self.kills.append((operation, point, passing, outcome))

    def close(self):
        """Prints it. Where the build asks for it, it is kept for kill_table_test.py."""
        if not self.kills:
            return
        print(table_text(self.kills), flush=True)
        folder = os.environ.get("TTI_KILL_TABLE")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            (Path(folder) / f"{self.harness}.json").write_text(json.dumps(self.kills), encoding="utf-8")


class Kill:
    """One of them, as a subtest of `case`, whose outcome goes into the table."""

    def __init__(self, table, case, operation, point, passing):
        self.table, self.place, self.happened = table, (operation, point, passing), True
        self.subtest = case.subTest(operation=operation, point=point, passing=passing)

    def __enter__(self):
        self.subtest.__enter__()
        return self

    def __exit__(self, kind, *rest):
        if self.happened:
            self.table.add(*self.place, WRONG if kind else RIGHT)
        return self.subtest.__exit__(kind, *rest)


def table_text(kills):
    operations = sorted({kill[0] for kill in kills})
    lines = [("operation", "points", "kills", RIGHT, WRONG)]
    for operation in operations:
        here = [kill for kill in kills if kill[0] == operation]
        lines.append(line(operation, here))
    lines.append(line(f"all {len(operations)} operations", kills))
    widths = [max(len(row[column]) for row in lines) for column in range(5)]
    return "\n".join("  ".join(cell.ljust(width) if column == 0 else cell.rjust(width) for column, (cell, width) in enumerate(zip(row, widths)))
                     for row in lines)


def line(name, kills):
    outcomes = Counter(kill[3] for kill in kills)
    return name, str(len({(kill[0], kill[1]) for kill in kills})), str(len(kills)), str(outcomes[RIGHT]), str(outcomes[WRONG])
