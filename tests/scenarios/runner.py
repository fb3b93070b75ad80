"""Runs one scenario: each step in turn, the first expectation that does not hold ends it."""

import re
import shlex
import time

import database
import deployment
import match
import redis_snapshot
import witness
from database import Session
from expect import Result
from parse import ScenarioError
from process import Process, TimedOut, run_on_terminal
from redis_client import RedisError, encode

PATIENCE = 20  # seconds that something may take to become true


class Runner:
    """`place` is where the scenario runs: folder, environment, variables, server and database (see place.py)."""

    def __init__(self, scenario, place):
        self.scenario, self.place = scenario, place
        self.variables, self.environment = dict(place.variables), dict(place.environment)
        self.background, self.sessions = {}, {}
        self.secrets = list(place.secrets)
        self.commands = 0

    def run(self):
        try:
            for step in self.scenario.steps:
                self.run_step(step)
            if self.background:
                raise ScenarioError(0, f"never waited for: {', '.join(self.background)}")
        finally:
            for process in self.background.values():
                process.kill()
            for session in self.sessions.values():
                session.release()

    def run_step(self, step):
        try:
            getattr(self, "do_" + step.kind.replace(" ", "_"))(step)
        except (TimedOut, RuntimeError, ValueError, OSError, RedisError) as error:
            raise ScenarioError(step.line, f"{self.head(step)}{error}") from error

    def head(self, step):
        return f"$ {step['command']}\n" if "command" in step.fields else ""

    def text(self, text):
        """With every ${name} replaced."""
        def value(found):
            if found[1] not in self.variables:
                raise ValueError(f"no variable {found[1]}")
            return self.variables[found[1]]
        return re.sub(r"\$\{(\w+)\}", value, text)

    def lines(self, block):
        """A block with its variables replaced; what `let` kept may be several lines."""
        return [line for text in block for line in self.text(text).split("\n")]

    def words(self, line):
        """As a shell would split it; a line that is one variable alone is what a program printed as a line."""
        if re.fullmatch(r"\$\{\w+\}", line):
            return shlex.split(self.text(line))
        return [self.text(word) for word in shlex.split(line)]

    def arguments(self, step):
        words = self.words(step["command"])
        return [str(self.place.binary) if words[0] == "tti-lw-stack" else words[0], *words[1:]]

    def start(self, step, expectations):
        self.commands += 1
        stdin = "".join(self.text(line) + "\n" for entry in expectations if entry.kind == "stdin" for line in entry.block)
        return Process(self.arguments(step), folder=self.place.folder, environment=self.environment, stdin=stdin,
                       output=self.place.outputs / str(self.commands))

    def do_command(self, step):
        before = self.before(step)
        finished = self.start(step, step.expectations).wait(self.timeout(step))
        self.check(step, finished, before)

    def do_terminal(self, step):
        before = self.before(step)
        answers = [(self.text(entry["prompt"]), self.text(entry["text"])) for entry in step.all("answer")]
        finished = run_on_terminal(self.arguments(step), folder=self.place.folder, environment=self.environment,
                                   answers=answers, timeout=self.timeout(step))
        self.check(step, finished, before)

    def do_background(self, step):
        self.background[step["name"]] = self.start(step, step.expectations)

    def do_wait(self, step):
        self.check(step, self.named(step).wait(self.timeout(step)), (None, None))
        del self.background[step["name"]]

    def do_await(self, step):
        process = self.named(step)
        expected = self.text(step["text"])
        self.until(lambda: match.text_contains(expected, process.text(step["stream"])),
                   lambda: f"'{expected}' did not come; seen:\n{process.text('stdout')}{process.text('stderr')}")

    def do_signal(self, step):
        self.named(step).signal(step["signal"])

    def do_env(self, step):
        self.environment[step["name"]] = self.text(step["value"])

    def do_unset(self, step):
        self.environment.pop(step["name"], None)

    def do_file(self, step):
        path = self.place.folder / self.text(step["path"])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(self.text(line) + "\n" for line in step.block), encoding="utf-8")

    def do_secret(self, step):
        self.secrets.append(self.text(step["text"]))
        witness.look_for(self.secrets[-1])

    def do_sql_exec(self, step):
        self.query(step)

    def do_sql(self, step):
        expected, seen = self.lines(step.block), self.query(step)
        if not match.lines_match(expected, seen):
            raise ValueError("rows differ (- expected, + seen):\n" + match.difference(expected, seen))

    def do_eventually_sql(self, step):
        expected = self.lines(step.block)
        self.until(lambda: match.lines_match(expected, self.query(step)),
                   lambda: "the rows never became:\n" + match.difference(expected, self.query(step)))

    def do_let_sql(self, step):
        self.variables[step["name"]] = "\n".join(self.query(step))

    def do_redis_exec(self, step):
        lines = ([step["redis"]] if step["redis"] else []) + step.block
        with self.place.redis.client() as client:
            for line in lines:
                client(*self.words(line))

    def do_redis(self, step):
        expected, seen = self.lines(step.block), self.ask(step)
        if not match.lines_match(expected, seen):
            raise ValueError("the answer differs (- expected, + seen):\n" + match.difference(expected, seen))

    def do_eventually_redis(self, step):
        expected = self.lines(step.block)
        self.until(lambda: match.lines_match(expected, self.ask(step)),
                   lambda: "the answer never became:\n" + match.difference(expected, self.ask(step)))

    def do_let_redis(self, step):
        self.variables[step["name"]] = "\n".join(self.ask(step))

    def do_load_redis(self, step):
        commands = deployment.generate(step["generator"], shlex.split(self.text(step["arguments"] or "")))
        with self.place.redis.client() as client:
            client.load(encode(*command) for command in commands)

    def do_hold(self, step):
        self.sessions[step["name"]] = Session(self.place.postgres, self.place.database, self.text(step["sql"]))

    def do_release(self, step):
        self.sessions.pop(step["name"]).release()

    def named(self, step):
        if step["name"] not in self.background:
            raise ValueError(f"nothing named {step['name']} runs in the background")
        return self.background[step["name"]]

    def query(self, step):
        return self.place.postgres.psql(self.place.database, self.text(step["sql"]))

    def ask(self, step):
        return self.place.redis.ask([self.text(word) for word in shlex.split(step["redis"])])

    @staticmethod
    def until(holds, complaint):
        deadline = time.monotonic() + PATIENCE
        while not holds():
            if time.monotonic() > deadline:
                raise ValueError(complaint())
            time.sleep(0.05)

    @staticmethod
    def timeout(step):
        return int((step.all("timeout") or [{"seconds": 60}])[-1]["seconds"])

    def before(self, step):
        """What the expectations compare with later: the databases as they are, and an ear on Redis."""
        seen = self.snapshot(step.all("unchanged")[0]) if step.all("unchanged") else None
        return seen, redis_snapshot.Watch(self.place.redis) if step.all("sends") else None

    def snapshot(self, entry):
        strictly, lines = bool(entry["strictly"]), []
        if self.place.redis:
            lines += redis_snapshot.snapshot(self.place.redis, strictly)
        if self.place.database:
            lines += database.snapshot(self.place.postgres, self.place.database, strictly)
        return lines

    def check(self, step, finished, before):
        """Every expectation, the unwritten ones first: exit 0, and no secret in any output."""
        result = Result(self.head(step), finished, self.text, self.variables)
        seen, watch = before
        if watch:
            result.take_commands(watch.stop(), watch.writing)
        if not step.all("exit"):
            result.expect_exit(step.line, "0")
        if not step.all("shows secrets"):
            result.expect_secrets_hidden(step.line, self.secrets)
            self.witness(step, finished)
        for entry in step.expectations:
            result.check(entry)
        if seen is not None:
            entry = step.all("unchanged")[0]
            result.expect_unchanged(entry.line, seen, self.snapshot(entry))

    def witness(self, step, finished):
        words = self.arguments(step) if "command" in step.fields else []  # of one that ran in the background it is not at hand
        witness.saw("terminal", f"line {step.line}", finished.screen)
        for text in (finished.stdout, finished.stderr):
            witness.saw(witness.kind_of(words, self.environment), f"line {step.line}", text)
