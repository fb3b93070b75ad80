"""Every command in the guide, in the documents of this repository and in what the program says is one that it understands."""

import itertools
import json
import re
import shlex
import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "docs"))

import page  # noqa: E402
import witness  # noqa: E402

PROGRAM = "tti-lw-stack"
BINARY = Path(sys.argv.pop()).resolve() if len(sys.argv) > 1 else None
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *page.pages()]
# What stands for a value: in a document a name in capitals, in the sources a replacement field.
VALUES = {"DIR": "folder", "FILE": "file", "DEVICE": "app.device", "ID": "acme", "GROUP": "ns-db", "COMMAND": "status", "PAGE": "keys"}


def steps(path):
    """Commands that the guide runs, those aside that it shows as wrong."""
    for step in page.read(path).scenario.steps:
        wrong = any(entry["code"] == "usage" for entry in step.all("exit"))
        if "command" in step.fields and step["command"].startswith(PROGRAM + " ") and not wrong:
            yield re.sub(r"\$\{\w+\}", "1", step["command"])


def written(path):
    """Commands in blocks of a shell, and in the text between back-quotes."""
    text = path.read_text(encoding="utf-8")
    for block in re.findall(r"^```(?:bash|sh|console)\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        for line in block.splitlines():
            found = re.search(rf"(?:^|\(){PROGRAM} ([^)>|]*)", line.removeprefix("$ "))
            if found:
                yield f"{PROGRAM} {found[1]}"
    yield from re.findall(rf"(?<!`)`({PROGRAM} [^`]+)`", text)


def texts(path):
    """The string literals of a source, those side by side as one."""
    source = re.sub(r"^\s*//.*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    literal = r'"((?:[^"\\\n]|\\.)*)"'
    for found in re.finditer(rf'(?:{literal}\s*)+', source):
        yield "".join(re.findall(literal, found[0]))


OPTION = r"--[\w.-]+(?:=[\w.,:/{}=+-]*[\w}])?"
VALUE = r"[a-z]+(?:-[a-z]+)+|\{\}|[A-Z]{2,}\b"


def numberless(text):
    """Replacement fields without their numbers."""
    return re.sub(r"\{\d+\}", "{}", text)


def hints(path):
    """Commands that the program names: after its own name come a command's words, options and their values."""
    for text in map(numberless, texts(path)):
        for found in re.finditer(rf"\b{PROGRAM} ((?:{COMMANDS})(?: (?:{SUBCOMMANDS})\b)?(?: {OPTION}| (?:{VALUE}))*)", text):
            yield f"{PROGRAM} {found[1]}"


def reference(binary, name):
    return witness.run([binary, "reference", name], capture_output=True, text=True, check=True).stdout


def words_of(command):
    return [VALUES.get(word, word) for word in shlex.split(command, comments=True)[1:]]


def readings(command):
    """A replacement field is a value, or options that may be none; and what is named alone need not have its arguments."""
    words = words_of(command)
    for values in itertools.product((True, False), repeat=words.count("{}")):
        taken = iter(values)
        yield [word.replace("{}", "1") for word in words if word != "{}" or next(taken)]
    if words in TREE:
        yield [*words, "--help"]


def misunderstood(binary, commands):
    """Those of which no reading is understood, with what the program says of the first one."""
    lines = {json.dumps(words): None for command in commands for words in readings(command)}
    done = witness.run([binary, "check-commands", "--output", "json"], input="".join(line + "\n" for line in lines),
                          capture_output=True, text=True, check=False)
    result = json.loads(done.stdout.splitlines()[-1])
    assert result["commands"] == len(lines) and (done.returncode == 0) == (not result["wrong"]), done
    wrong = {entry["command"]: entry["error"] for entry in result["wrong"]}
    for command in commands:
        said = [wrong.get(json.dumps(words)) for words in readings(command)]
        if all(said):
            yield f"{command}: {said[0]}"


TREE = [line.split()[2:] for line in re.findall(rf"^## {PROGRAM}.*$", reference(BINARY, "commands"), re.MULTILINE)] if BINARY else []
COMMANDS = "|".join(sorted({words[0] for words in TREE if words}, reverse=True))
SUBCOMMANDS = "|".join(sorted({word for words in TREE for word in words[1:]}, reverse=True))


class Commands(unittest.TestCase):
    def assert_understood(self, commands, least):
        commands = sorted(set(commands))
        self.assertGreaterEqual(len(commands), least, commands)
        self.assertEqual(list(misunderstood(BINARY, commands)), [])

    def test_of_the_guide(self):
        self.assert_understood([command for path in page.pages() for command in steps(path)], 50)

    def test_of_the_documents(self):
        self.assert_understood([command for path in DOCUMENTS for command in written(path)], 40)

    def test_of_hints(self):
        sources = sorted((ROOT / "src").rglob("*.cpp"))
        self.assert_understood([command for path in sources for command in hints(path)], 30)

    def test_of_the_reference(self):
        removed_by = re.findall(r"\| `([a-z]+-db [a-z]+)` \|$", reference(BINARY, "keys"), re.MULTILINE)
        examples = [line for block in re.findall(r"^```sh\n(.*?)^```", reference(BINARY, "commands"), re.MULTILINE | re.DOTALL)
                    for line in block.splitlines() if line.startswith(PROGRAM)]
        self.assert_understood([f"{PROGRAM} {command}" for command in removed_by], 5)
        self.assert_understood([line.split(" > ")[0] for line in examples], 50)

    def test_a_wrong_one_is_found(self):
        for wrong in ("is-db migrate --rolback", "is-db migrat", "nonsense", "is-db migrate --wait soon", "version 1"):
            self.assertEqual(len(list(misunderstood(BINARY, [f"{PROGRAM} {wrong}"]))), 1, wrong)


if __name__ == "__main__":
    unittest.main()
