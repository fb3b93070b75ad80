"""Compares what was seen with what a scenario expects: lines with wildcards, and paths into JSON."""

import difflib
import json
import re

ANY_TEXT = "[..]"   # inside a line
ANY_LINES = "..."   # a line that stands for any number of lines, none included


def pattern_of(expected):
    return ".*".join(re.escape(part) for part in expected.split(ANY_TEXT))


def line_matches(expected, seen):
    return re.fullmatch(pattern_of(expected), seen) is not None


def lines_match(expected, seen):
    """Whether all seen lines fit; `reachable` holds how many seen lines may be used up so far."""
    reachable = {0}
    for line in expected:
        if line == ANY_LINES:
            reachable = set(range(min(reachable), len(seen) + 1))
        else:
            reachable = {at + 1 for at in reachable if at < len(seen) and line_matches(line, seen[at])}
        if not reachable:
            return False
    return len(seen) in reachable


def difference(expected, seen):
    """A diff in which lines that fit by a wildcard count as equal."""
    fitting = []
    for line in expected:
        fits = [text for text in seen if line != ANY_LINES and line_matches(line, text)]
        fitting.append(fits[0] if fits else line)
    return "\n".join(line for line in difflib.ndiff(fitting, seen) if not line.startswith("?"))


def text_contains(expected, text):
    """Whether one line holds `expected` somewhere."""
    return any(re.search(pattern_of(expected), line) for line in text.splitlines())


def block_in(block, text):
    """Whether the block's lines stand in the text one below the other."""
    return lines_match([ANY_LINES, *block, ANY_LINES], text.splitlines())


PATH_PART = re.compile(r'\.?([\w-]+)|\[(\d+)\]|\["([^"]+)"\]')
MISSING = object()


def look_up(document, path):
    position = 0
    while position < len(path):
        part = PATH_PART.match(path, position)
        if not part:
            raise ValueError(f"not a path: {path}")
        key, index, quoted = part.groups()
        try:
            document = document[int(index)] if index is not None else document[key or quoted]
        except (KeyError, IndexError, TypeError):
            return MISSING
        position = part.end()
    return document


def last_json(text):
    """The whole text as JSON, or its last line: events come before the result."""
    try:
        return json.loads(text)
    except ValueError:
        lines = text.strip().splitlines()
        return json.loads(lines[-1] if lines else "")


def literal(text):
    try:
        return json.loads(text)
    except ValueError:
        return text


def as_text(value):
    return value if isinstance(value, str) else json.dumps(value)


COMPARISONS = {
    "=": lambda value, operand: value == literal(operand) or as_text(value) == operand,
    "!=": lambda value, operand: value != literal(operand) and as_text(value) != operand,
    "contains": lambda value, operand: operand in as_text(value),
    "lacks": lambda value, operand: operand not in as_text(value),
    "matches": lambda value, operand: re.search(operand, as_text(value)) is not None,
    "length": lambda value, operand: hasattr(value, "__len__") and len(value) == int(operand),
}
JSON_LINE = re.compile(r'(?P<path>(?:"[^"]*"|\S)+?) (?P<operator>=|!=|contains|lacks|matches|length) (?P<operand>.*)'
                       r'|(?P<bare>.+) (?P<word>exists|absent)')


def json_failure(line, document):
    """Why a line such as `outcome = done` does not hold; None when it does."""
    match = JSON_LINE.fullmatch(line)
    if not match:
        raise ValueError(f"not an expectation on JSON: {line}")
    value = look_up(document, match["path"] or match["bare"])
    if match["word"]:
        return None if (value is not MISSING) == (match["word"] == "exists") else f"{line}: it does not hold"
    if value is MISSING:
        return f"{line}: there is no such value"
    if COMPARISONS[match["operator"]](value, match["operand"]):
        return None
    return f"{line}: it is {json.dumps(value)}"
