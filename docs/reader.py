"""Follows a page as its reader would: runs each command on a terminal, and keeps what stood on it."""

import dataclasses
import os
import socket
import subprocess
from dataclasses import dataclass

from page import ScenarioError  # first: it says where the scenarios' modules are

from aws_deployment import Deployment
from expect import EXIT_CODES
from place import Place
from process import private_folder
from runner import Runner
from shown import abridged, places, shown

NAMES = {code: name for name, code in EXIT_CODES.items()}
SHOWN_FILES = {".yml": "yaml", ".yaml": "yaml", ".json": "json"}


@dataclass(frozen=True)
class Seen:
    text: str
    status: int


class Reader(Runner):
    """A scenario whose commands all run on a terminal. `seen` has their outputs by line."""

    def __init__(self, scenario, place, needs=()):
        super().__init__(scenario, place)
        self.seen = {}
        self.environment |= {f"XDG_{kind}_HOME": f"{place.variables['home']}/.local/{name}" for kind, name in (("DATA", "share"), ("STATE", "state"))}
        self.deployment = None
        if "aws" in needs:
            self.deployment = Deployment(place.binary, self.environment)
            self.secrets += self.deployment.secrets
        for folder in (place.root, place.variables["home"], self.environment["TMPDIR"]):
            os.chmod(folder, 0o711)

    def run(self):
        try:
            super().run()
        finally:
            self.stop_servers()
            if self.deployment:
                self.deployment.stop()

    def stop_servers(self):
        """Of `local up`, where the page has left them or did not come to its end."""
        subprocess.run([self.place.binary, "local", "reset", "--yes"], env=self.environment, cwd=self.place.folder,
                       stdin=subprocess.DEVNULL, capture_output=True, check=False)

    def do_command(self, step):
        self.do_terminal(step)

    def check(self, step, finished, before):
        super().check(step, finished, before)
        self.seen[step.line] = Seen(finished.left or finished.stderr + finished.stdout, finished.status)


def follow(page, binary, postgres):
    """The page as Markdown with all that was printed. Raises ScenarioError where it does not hold."""
    if not page.scenario.steps:
        return "\n".join(page.lines) + "\n"
    needs = page.scenario.needs
    place = Place(dataclasses.replace(page.scenario, needs=[need for need in needs if need != "aws"]), binary, postgres)
    try:
        reader = Reader(page.scenario, place, needs)
        reader.run()
        return rendered(page, reader)
    finally:
        place.take_down()


def rendered(page, reader):
    pairs = places(reader.place, [(socket.gethostname(), "‹host›"), (str(reader.place.binary), "tti-lw-stack")])
    lines, at = [], 0
    for block in page.blocks:
        lines += page.lines[at:block.first - 1]
        at = block.last
        if not block.hidden:
            lines += console(page.steps_of(block), reader, pairs)
    return "\n".join([*lines, *page.lines[at:]]) + "\n"


def console(steps, reader, pairs):
    """The visible steps of a block: files by themselves, commands and what followed together."""
    result, session = [], []
    for step in steps:
        if step.kind == "file":
            result += [*fenced("console", session), f"File `{step['path']}`:", "", *file_lines(step, reader, pairs)]
            session = []
        else:
            session += session_lines(step, reader, pairs)
    return [*result, *fenced("console", session)]


def session_lines(step, reader, pairs):
    if step.kind == "env":
        return [f"$ export {step['name']}={shown(reader.text(step['value']), pairs)}"]
    if step.kind not in ("command", "terminal"):
        return []
    seen = reader.seen[step.line]
    command = step["command"] if "${" not in step["command"] else shown(reader.text(step["command"]), pairs)
    lines = [f"$ {command}", *abridged([line.rstrip() for line in shown(seen.text, pairs).rstrip("\n").splitlines()])]
    if seen.status != 0:
        lines.append(f"(exit code {seen.status}: {NAMES[seen.status]})")
    return lines


def file_lines(step, reader, pairs):
    language = next((name for ending, name in SHOWN_FILES.items() if step["path"].endswith(ending)), "text")
    return fenced(language, [shown(reader.text(line), pairs) for line in step.block])


def fenced(language, lines):
    return [f"```{language}", *lines, "```", ""] if lines else []


__all__ = ["ScenarioError", "follow"]
