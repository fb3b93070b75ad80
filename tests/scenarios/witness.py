"""Starts the program for tests, and searches all that it lets be seen for the secrets of these tests: what it prints, its part of the process
list, the journal, undo files, archives, and its servers' logs. Each test's findings are a file in the build folder, which
tests/secrets/secrets_test.py reads when all tests are done.

Every secret that a test makes up holds MARK; one that does not is named by look_for(). Searched for is the secret itself: a hash of it may
stand in a database and in what is copied from there."""

import atexit
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

MARK = "hush"
KINDS = ("output", "terminal", "log", "plan", "journal", "process list", "undo file", "archive", "task", "server log")
FOLDER = "witness"  # in the build folder
OFTEN = 0.02  # seconds between two looks at the process list
VERBOSE = re.compile(r"debug|trace")


class Witness:
    """What one process of the tests saw. Nothing is kept but counts, and the lines that hold a secret."""

    def __init__(self):
        self.folder, self.words, self.texts, self.bytes, self.found = None, {MARK}, Counter(), Counter(), []
        self.programs, self.guard, self.files = set(), threading.Lock(), set()

    def look_for(self, word):
        with self.guard:
            self.words.add(word)

    def saw(self, kind, where, text):
        """`text` is a string or bytes."""
        if kind not in KINDS:
            raise ValueError(f"{kind} is no kind of what can be seen")
        data = text if isinstance(text, bytes) else (text or "").encode(errors="replace")
        if not data:
            return
        with self.guard:
            self.texts[kind] += 1
            self.bytes[kind] += len(data)
            secrets = re.compile(b"|".join(re.escape(word.encode()) for word in sorted(self.words)), re.IGNORECASE)
            for match in secrets.finditer(data):
                if len(self.found) < 20:
                    self.found.append((kind, where, data[max(0, match.start() - 80):match.end() + 80].decode(errors="replace")))

    def saw_files(self, folders):
        """Undo files and archives below them, each once."""
        for place, _, names in (step for folder in folders for step in os.walk(folder)):
            for name in names:
                if name.endswith(".undo") or "manifest.json" in names:
                    self.saw_file("undo file" if name.endswith(".undo") else "archive", Path(place, name))

    def saw_file(self, kind, path):
        try:
            status = path.stat()
            state = (path, status.st_mtime_ns, status.st_size)
            with self.guard:
                known = state in self.files
                self.files.add(state)
            if not known:
                self.saw(kind, str(path), path.read_bytes())
        except FileNotFoundError:  # another run has removed it meanwhile
            pass

    def keep(self, binary):
        """From now on this test's findings belong to that build."""
        build = Path(binary).parent.parent
        if self.folder is None and (build / "CMakeCache.txt").is_file():
            self.folder = build / FOLDER
            atexit.register(self.close)

    def close(self):
        words = sys.orig_argv[1:]
        name = f"{Path(words[-1]).stem}-{hashlib.sha256(' '.join(words).encode()).hexdigest()[:16]}.json"
        part = {"test": " ".join(words), "texts": self.texts, "bytes": self.bytes, "words": sorted(self.words),
                "programs": sorted(self.programs), "found": self.found}
        self.folder.mkdir(exist_ok=True)
        (self.folder / name).write_text(json.dumps(part), encoding="utf-8")


WITNESS = Witness()
look_for, saw = WITNESS.look_for, WITNESS.saw


def kind_of(words, environment):
    """What its output is."""
    if "--dry-run" in words:
        return "plan"
    verbose = VERBOSE.search(environment.get("TTN_LW_LOG_LEVEL", "")) or any("log.level" in word for word in words)
    return "log" if verbose else "output"


class Program(subprocess.Popen):
    """A run of the program, or of a shell that a test gives it in."""

    def __init__(self, arguments, **options):
        self.words = [str(word) for word in arguments]
        self.environment = {name: str(value) for name, value in (options.get("env") or {}).items()}
        self.folder, self.looked = options.get("cwd"), False
        super().__init__(arguments, **options)
        WITNESS.keep(self.words[0])
        threading.Thread(target=self.watch, daemon=True).start()

    def communicate(self, *arguments, **options):
        out, err = super().communicate(*arguments, **options)
        for text in (out, err):
            saw(kind_of(self.words, self.environment), " ".join(self.words), text)
        return out, err

    def wait(self, timeout=None):
        status = super().wait(timeout)
        if not self.looked:
            self.looked = True
            WITNESS.saw_files(self.folders())
        return status

    def folders(self):
        """Where it may have left something: its folder, its home, and what its command line names; never what is not a test's."""
        named = [word.partition("=")[2] or word for word in self.words[1:]]
        variables = [self.environment.get(name, "") for name in ("HOME", "XDG_STATE_HOME")]
        paths = {Path(self.folder or "/", text).resolve() for text in [str(self.folder or "/"), *variables, *named] if text and len(text) < 256}
        own = [path for path in paths if Path(tempfile.gettempdir()).resolve() in path.parents]
        return [path for path in own if not any(other in path.parents for other in own)]

    def watch(self):
        """Looks at the command lines of the program and of all that it starts, until it is gone. What a test gives as an argument is the test's doing."""
        given, seen = set(self.words), {}
        while processes := list(descendants(self.pid)):
            for process in processes:
                words = command_line(process)
                if words and seen.get(process) != words:
                    seen[process] = words
                    WITNESS.programs.add(Path(words[0]).name)
                    # A child has its parent's words until it starts what it is for.
                    is_own = process == self.pid or words == seen.get(self.pid)
                    shown = [word for word in words[1:] if not is_own or word not in given]
                    saw("process list", f"process of {' '.join(self.words)}", " ".join([words[0], *shown]))
            time.sleep(OFTEN)


def descendants(pid):
    """It and all that came from it and is still below it; nothing when it is gone."""
    if not command_line(pid):
        return
    yield pid
    try:
        tasks = os.listdir(f"/proc/{pid}/task")
    except OSError:  # it has ended meanwhile
        return
    for task in tasks:
        for child in read(f"/proc/{pid}/task/{task}/children").split():
            yield from descendants(int(child))


def command_line(pid):
    return [word.decode(errors="replace") for word in read(f"/proc/{pid}/cmdline").split(b"\0") if word]


def read(path):
    try:
        return Path(path).read_bytes()
    except OSError:  # it has ended meanwhile
        return b""


def run(arguments, *, input=None, timeout=None, capture_output=False, check=False, **options):  # pylint: disable=redefined-builtin
    """As subprocess.run."""
    if capture_output:
        options |= {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    if input is not None:
        options["stdin"] = subprocess.PIPE
    with Program(arguments, **options) as program:
        try:
            out, err = program.communicate(input, timeout=timeout)
        except BaseException:
            program.kill()
            raise
    done = subprocess.CompletedProcess(arguments, program.returncode, out, err)
    if check:
        done.check_returncode()
    return done
