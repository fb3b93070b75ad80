"""What a reader sees of an output: what was printed, and a placeholder for what differs from run to run."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    placeholder: str
    pattern: str
    stands_for: str


RULES = [
    Rule("‹time›", r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z\b|\+00\b|\b)", "a date and time"),
    Rule("‹time›", r"\b\d{4}-\d\d-\d\d \d\d:\d\d\b", "a date and time"),
    Rule("‹time›", r"\b\d{8}T\d{6,9}Z(?![0-9A-Za-z])", "a date and time, in the name of a file"),
    Rule("‹date›", r"\b20\d\d-\d\d-\d\d\b", "a date"),
    Rule("‹duration›", r"\b\d+[smhd](?= ago\b)", "how long something took, or is ago"),
    Rule("‹duration›", r"\b\d+(?:\.\d+)? (?:ms|s|µs|min)\b", "how long something took, or is ago"),
    Rule("‹port›", r"(?<=127\.0\.0\.1:)\d+\b", "a port of this machine"),
    Rule("‹port›", r"(?<=\bport )\d+\b", "a port of this machine"),
    Rule("‹id›", r"(?<=\bsubnet-)[0-9a-f]{8,17}\b", "an identifier that AWS made"),
    Rule("‹id›", r"(?<=\bsg-)[0-9a-f]{8,17}\b", "an identifier that AWS made"),
    Rule("‹number›", r"(?<=\bpid )\d+\b", "the number of a process"),
    Rule("‹number›", r"(?<=\bprocess )\d+\b", "the number of a process"),
    Rule("‹number›", r"(?<=\bbackend )\d+\b", "the number of a server process"),
    Rule("‹size›", r"\b\d+(?:\.\d+)? (?:bytes|[kMG]i?B)\b", "an amount of memory or disk"),
    Rule("‹rate›", r"\b\d+(?:\.\d+)?[kM]?/s\b", "how much was done in a second"),
    Rule("‹id›", r"(?<![0-9a-f])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", "an identifier that the program made"),
    Rule("‹id›", r"(?<![0-9A-Za-z])[0-9a-f]{32,64}\b", "an identifier or a sum that the program made"),
]


def places(place, names):
    """What stands for the surroundings of a run, longest first: pairs of text and placeholder."""
    pairs = [(str(place.folder), "‹folder›"), (str(place.variables["home"]), "~"), (str(place.root), "‹folder›"), *names]
    if place.database:
        pairs.append((place.database, "ttn_lorawan"))
    if place.redis:
        pairs.append((place.redis.socket, "‹redis›"))
    return sorted(pairs, key=lambda pair: -len(pair[0]))


def shown(text, pairs):
    for seen, placeholder in pairs:
        text = text.replace(seen, placeholder)
    for rule in RULES:
        text = re.sub(rf"(?P<seen>{rule.pattern})(?P<gap> {{2,}})?", lambda found, rule=rule: aligned(rule, found), text)
    return text


LONGEST = 70
KEPT = 30


def abridged(lines):
    """A long output's beginning and end, and how much was left out between them."""
    if len(lines) <= LONGEST:
        return lines
    return [*lines[:KEPT], f"‹{len(lines) - 2 * KEPT} lines are left out here›", *lines[-KEPT:]]


def aligned(rule, found):
    """Where columns follow, they stay where they were."""
    if not found["gap"]:
        return rule.placeholder
    return rule.placeholder.ljust(len(found["seen"])) + found["gap"]


def table():
    """The rules, for the reader."""
    seen = dict.fromkeys((rule.placeholder, rule.stands_for) for rule in RULES)
    rows = [f"| {placeholder} | {stands_for} |" for placeholder, stands_for in seen]
    return "\n".join(["| What you see | What it stands for |", "|---|---|",
                      "| ‹folder›, ~ | the folder in which the commands ran, and the home of who ran them |",
                      "| ‹host› | the name of the machine |", "| ‹redis› | the address of Redis |", *rows])
