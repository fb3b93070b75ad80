"""A page of the guide: Markdown whose blocks named `scenario` hold steps in the grammar of tests/scenarios."""

import re
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / "docs/pages"
sys.path.insert(0, str(ROOT / "tests/scenarios"))

from parse import ScenarioError, parse_text  # noqa: E402

OPENING = re.compile(r"```scenario(?P<hidden> hidden)?$")
CLOSING = "```"


@dataclass(frozen=True)
class Block:
    first: int  # line numbers of its fences, counted from 1
    last: int
    hidden: bool


@dataclass
class Page:
    path: Path
    lines: list
    blocks: list
    scenario: object  # all blocks of the page together: one run, from top to bottom

    def steps_of(self, block):
        return [step for step in self.scenario.steps if block.first < step.line < block.last]


def read(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    blocks = find_blocks(lines)
    return Page(path, lines, blocks, parse_text(str(path), "\n".join(steps_alone(lines, blocks))))


def find_blocks(lines):
    blocks, opened = [], None
    for number, line in enumerate(lines, 1):
        opening = OPENING.fullmatch(line)
        if opened is None and opening:
            opened = number, bool(opening["hidden"])
        elif opened and line == CLOSING:
            blocks.append(Block(opened[0], number, opened[1]))
            opened = None
        elif line.startswith("```scenario"):
            raise ScenarioError(number, f"not understood: {line}")
    if opened:
        raise ScenarioError(opened[0], "this block is never closed")
    return blocks


def steps_alone(lines, blocks):
    """The page's title and its blocks, everything else as empty lines: so steps keep their line numbers."""
    kept = {number for block in blocks for number in range(block.first + 1, block.last)} | {1}
    return [line if number in kept else "" for number, line in enumerate(lines, 1)]


def pages():
    return sorted(PAGES.rglob("*.md"))
