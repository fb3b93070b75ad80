"""Reads a .scenario file into steps. README.md tells the grammar; a line that is not of it is an error."""

import re
from dataclasses import dataclass, field


class ScenarioError(Exception):
    """What is wrong, and in which line."""

    def __init__(self, line, message):
        super().__init__(message)
        self.line = line


@dataclass
class Entry:
    """A step or an expectation: its kind, the line it stands in, the named parts of the line, the block below."""

    kind: str
    line: int
    fields: dict
    block: list = field(default_factory=list)
    expectations: list = field(default_factory=list)

    def __getitem__(self, name):
        return self.fields[name]

    def all(self, kind):
        return [entry for entry in self.expectations if entry.kind == kind]


@dataclass
class Scenario:
    path: str
    title: str
    needs: list
    steps: list
    redis_options: list = field(default_factory=list)
    postgres_options: list = field(default_factory=list)


@dataclass(frozen=True)
class Form:
    """How a line of one kind looks, and whether a block of `| ` lines belongs below it."""

    kind: str
    pattern: str
    block: str = "none"  # none, optional, required


STREAM = r"(?P<stream>stdout|stderr|screen)"
STEPS = [
    Form("command", r"\$ (?P<command>.+)"),
    Form("terminal", r"terminal \$ (?P<command>.+)"),
    Form("background", r"background (?P<name>[\w-]+) \$ (?P<command>.+)"),
    Form("wait", r"wait (?P<name>[\w-]+)"),
    Form("await", r"await (?P<name>[\w-]+) (?P<stream>stdout|stderr) contains: (?P<text>.+)"),
    Form("signal", r"signal (?P<name>[\w-]+) (?P<signal>[A-Z]+)"),
    Form("env", r"env (?P<name>\w+)=(?P<value>.*)"),
    Form("unset", r"unset (?P<name>\w+)"),
    Form("file", r"file (?P<path>\S+)", "optional"),
    Form("sql exec", r"sql exec: (?P<sql>.+)"),
    Form("eventually sql", r"eventually sql: (?P<sql>.+)", "optional"),
    Form("sql", r"sql: (?P<sql>.+)", "optional"),
    Form("let sql", r"let (?P<name>\w+) = sql: (?P<sql>.+)"),
    Form("redis exec", r"redis exec:(?: (?P<redis>.+))?", "optional"),
    Form("eventually redis", r"eventually redis: (?P<redis>.+)", "optional"),
    Form("redis", r"redis: (?P<redis>.+)", "optional"),
    Form("let redis", r"let (?P<name>\w+) = redis: (?P<redis>.+)"),
    Form("load redis", r"load redis: (?P<generator>\S+)(?P<arguments> .+)?"),
    Form("hold", r"hold (?P<name>[\w-]+): (?P<sql>.+)"),
    Form("release", r"release (?P<name>[\w-]+)"),
    Form("secret", r"secret (?P<text>\S+)"),
]
EXPECTATIONS = [
    Form("exit", r"exit (?P<code>[\w-]+)"),
    Form("whole", STREAM + r":", "optional"),
    Form("contains", STREAM + r" contains:(?: (?P<text>.+))?", "optional"),
    Form("lacks", STREAM + r" lacks: (?P<text>.+)"),
    Form("empty", r"(?P<stream>stdout|stderr) empty"),
    Form("json", r"json:", "required"),
    Form("stdin", r"stdin:", "optional"),
    Form("answer", r'answer "(?P<prompt>[^"]+)" with (?P<text>.*)'),
    Form("unchanged", r"unchanged(?P<strictly> strictly)?"),
    Form("sends", r"sends (?P<limit>no |at most \d+ |)(?P<what>write|[A-Z]+|commands)"),
    Form("shows secrets", r"shows secrets"),
    Form("timeout", r"timeout (?P<seconds>\d+)s"),
    Form("let", r"let (?P<name>\w+) = " + STREAM + r" /(?P<pattern>.+)/"),
]
TAKE_EXPECTATIONS = {"command", "terminal", "wait"}


def parse(path):
    with open(path, encoding="utf-8") as file:
        return parse_text(path, file.read())


def parse_text(path, text):
    entries, title, needs, options = [], "", [], {"redis": [], "postgres": []}
    for number, line in joined(text.splitlines()):
        if line.startswith("#"):
            title = title or line.lstrip("# ")
        elif line.startswith("needs: "):
            needs = line.removeprefix("needs: ").split()
        elif re.match("(redis|postgres) option: ", line):
            server, _, option = line.partition(" option: ")
            options[server].append(option)
        elif line.startswith("|"):
            add_to_block(entries, number, line)
        elif line.strip():
            entries.append((number, line, *recognise(number, line)))
    if not title:
        raise ScenarioError(1, "the first line must be a comment that says what is shown")
    return Scenario(str(path), title, needs, assemble(entries), options["redis"], options["postgres"])


def joined(lines):
    """Lines with their numbers; one that begins with a space continues the one before."""
    result = []
    for number, line in enumerate(lines, 1):
        if line.startswith(" ") and line.strip() and result:
            result[-1] = (result[-1][0], result[-1][1] + " " + line.strip())
        else:
            result.append((number, line.rstrip() if not line.startswith("|") else line))
    return result


def recognise(number, line):
    for is_step, forms in ((True, STEPS), (False, EXPECTATIONS)):
        for form in forms:
            match = re.fullmatch(form.pattern, line)
            if match:
                return is_step, form, Entry(form.kind, number, match.groupdict())
    raise ScenarioError(number, f"not understood: {line}")


def add_to_block(entries, number, line):
    if not entries:
        raise ScenarioError(number, "a block without a line that it belongs to")
    _, _, _, form, entry = entries[-1]
    if form.block == "none":
        raise ScenarioError(number, f"no block can follow '{form.kind}'")
    if not line.startswith("| ") and line != "|":
        raise ScenarioError(number, "a block's lines begin with '| '")
    entry.block.append(line[2:])


def assemble(entries):
    steps = []
    for number, line, is_step, form, entry in entries:
        if form.block == "required" and not entry.block:
            raise ScenarioError(number, f"a block of '| ' lines must follow '{form.kind}'")
        if is_step:
            steps.append(entry)
            continue
        allowed = steps and (steps[-1].kind in TAKE_EXPECTATIONS
                             or (steps[-1].kind, entry.kind) == ("background", "stdin"))
        if not allowed:
            raise ScenarioError(number, f"'{line}' follows no command")
        steps[-1].expectations.append(entry)
    return steps
