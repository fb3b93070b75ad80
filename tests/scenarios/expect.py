"""Checks what a finished command has done against the expectations that stand below it."""

import re

import match
from parse import ScenarioError

EXIT_CODES = {"done": 0, "unexpected": 1, "usage": 2, "due": 3, "unreachable": 4, "locked": 5, "refused": 6,
              "partly-failed": 7, "newer-database": 8, "never-started": 9, "interrupted": 130, "killed": -9}


class Result:
    """A finished command. `text` replaces ${name}; `let` adds to `variables`."""

    def __init__(self, head, finished, text, variables):
        self.finished, self.text, self.variables = finished, text, variables
        self.report = f"{head}{finished.screen}{finished.stdout}{finished.stderr}"

    def fail(self, line, message):
        raise ScenarioError(line, f"{message}\n{self.report}".rstrip())

    def check(self, entry):
        try:
            complaint = getattr(self, "check_" + entry.kind.replace(" ", "_"), lambda _: None)(entry)
        except ValueError as error:
            complaint = str(error)
        if complaint:
            self.fail(entry.line, complaint)

    def stream(self, entry):
        return getattr(self.finished, entry["stream"])

    def check_exit(self, entry):
        self.expect_exit(entry.line, entry["code"])

    def expect_exit(self, line, code):
        expected = int(code) if re.fullmatch(r"-?\d+", code) else EXIT_CODES.get(code)
        if expected is None:
            self.fail(line, f"no exit code has the name {code}")
        if self.finished.status != expected:
            self.fail(line, f"exit code {self.finished.status} instead of {expected} ({code})")

    def expect_secrets_hidden(self, line, secrets):
        seen = self.finished.stdout + self.finished.stderr + self.finished.screen
        for secret in secrets:
            if secret in seen:
                self.fail(line, f"the secret '{secret}' is shown")

    def check_whole(self, entry):
        expected, seen = [self.text(line) for line in entry.block], self.stream(entry).splitlines()
        if not match.lines_match(expected, seen):
            return f"{entry['stream']} differs (- expected, + seen):\n{match.difference(expected, seen)}"
        return None

    def check_contains(self, entry):
        block = [self.text(line) for line in ([entry["text"]] if entry["text"] else entry.block)]
        seen = self.stream(entry)
        if match.text_contains(block[0], seen) if entry["text"] else match.block_in(block, seen):
            return None
        return f"{entry['stream']} lacks: " + "\n".join(block)

    def check_lacks(self, entry):
        found = match.text_contains(self.text(entry["text"]), self.stream(entry))
        return f"{entry['stream']} contains: {entry['text']}" if found else None

    def check_empty(self, entry):
        return f"{entry['stream']} is not empty" if self.stream(entry) else None

    def check_json(self, entry):
        document = match.last_json(self.finished.stdout)
        failures = [match.json_failure(self.text(line), document) for line in entry.block]
        return "\n".join(failure for failure in failures if failure)

    def check_let(self, entry):
        found = re.search(entry["pattern"], self.stream(entry), re.MULTILINE)
        if not found:
            return f"{entry['stream']} has nothing like /{entry['pattern']}/"
        self.variables[entry["name"]] = found[1] if found.groups() else found[0]
        return None

    def take_commands(self, commands, writing):
        """What Redis was sent while the command ran, and the names of those that write."""
        self.commands, self.writing = commands, writing

    def check_sends(self, entry):
        what, limit = entry["what"], entry["limit"].strip()
        fits = {"commands": lambda one: not one.from_script, "write": lambda one: one.name in self.writing}
        one_of_them = fits.get(what, lambda one: one.name == what and not one.own)
        sent = [one.name for one in self.commands if one_of_them(one)]
        if limit == "no":
            return f"Redis was sent {', '.join(sorted(set(sent)))}" if sent else None
        if limit:
            most = int(limit.split()[-1])
            return f"Redis was sent {len(sent)} {what}" if len(sent) > most else None
        return None if sent else f"Redis was sent no {what}"

    def expect_unchanged(self, line, before, after):
        if before != after:
            self.fail(line, f"the database changed:\n{changes(before, after)}")


def changes(before, after):
    gone, new = sorted(set(before) - set(after)), sorted(set(after) - set(before))
    return "\n".join([f"- {line}" for line in gone] + [f"+ {line}" for line in new])
