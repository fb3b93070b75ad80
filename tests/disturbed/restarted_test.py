"""The server goes away in the middle of a command: it is restarted at once, or another takes its place. A clear end, and a rerun ends right.

restarted_test.py BINARY [Restarted.test_…]"""

import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True

import proxy as redis_proxy  # noqa: E402
import normal_form  # noqa: E402
from clear_end import expect_clear_end  # noqa: E402
from postgres_proxy import Event, Fault, Proxy, writes  # noqa: E402
from postgres_rows import ROWS as POSTGRES_ROWS  # noqa: E402
from postgres_world import Databases  # noqa: E402
from rows import ROWS as REDIS_ROWS  # noqa: E402
from sentinels import WatchedWorld, until  # noqa: E402
from servers import PASSWORD, call, program  # noqa: E402
from world import Redis, World, differences, encoded, ended  # noqa: E402

BINARY = Path(sys.argv.pop(1)).resolve()
UNREACHABLE = {4}
# What was acknowledged is written, or with the standby, before a server goes.
DURABLE = ("synchronous_commit = on",)
BULK = ("is-db cleanup", "storage-db demo --days", "is-db create-tenant")


def rows(table, names):
    return [row for row in table if row.words.startswith(names)]


def filled(world):
    """A copied database's sequences would fall back in a crash, but for a checkpoint between."""
    world.fill()
    world.server.psql("postgres", "CHECKPOINT", user="postgres")


def pg_ctl(server, *words):
    call([program("pg_ctl"), "-D", str(server.data), "-w", *words])


class PersistentRedis(Redis):
    """It remembers every write that it acknowledged."""

    def __init__(self, folder):
        super().__init__(folder, ["--appendonly", "yes", "--appendfsync", "always"])

    def restart(self):
        with self.client:
            self.popen.kill()
        self.popen.wait()
        self.run()


class Restarted(unittest.TestCase):
    def begin(self, databases, row):
        world = databases.world(row.name, row.fixture)
        world.fill()
        with Proxy(world.server.port, Fault(counts=writes)) as through:
            done = world.run(row.words.split(), world.uri(through.port))
        self.assertEqual(done.returncode, 0, done.stderr)
        return world, world.state(), len(through.trouble.texts)

    def expect_same(self, world, row, wanted, what):
        done = world.run(row.words.split())
        self.assertIn(done.returncode, {0, *row.again}, f"{row.words}, {what}: {done.stderr[-1000:]}")
        self.assertEqual(normal_form.differences(world.state(), wanted), [], f"{row.words}, {what}")

    def test_postgres_is_restarted(self):
        databases = Databases(BINARY, DURABLE)
        self.addCleanup(databases.stop)
        server = databases.server
        for row in rows(POSTGRES_ROWS, BULK):
            with self.subTest(row=row.words):
                world, wanted, count = self.begin(databases, row)
                filled(world)
                restart = Event(lambda: pg_ctl(server, "-m", "immediate", "-l", str(server.folder / "log"), "restart"), (count + 1) // 2, writes)
                with Proxy(server.port, restart) as through:
                    done = world.run(row.words.split(), world.uri(through.port))
                self.assertEqual(restart.done, 1)
                expect_clear_end(self, done, row.words, UNREACHABLE)
                self.expect_same(world, row, wanted, "after a restart")

    def test_a_standby_takes_over(self):
        for row in rows(POSTGRES_ROWS, BULK[:2]):
            with self.subTest(row=row.words):
                self.take_over(row)

    def take_over(self, row):
        """The address names both servers, and wants the one that takes writes."""
        databases = Databases(BINARY, DURABLE)
        self.addCleanup(databases.stop)
        world, wanted, count = self.begin(databases, row)
        filled(world)
        primary, standby = databases.server, databases.server.standby(follows=True)
        self.addCleanup(standby.stop)
        primary.psql("postgres", "ALTER SYSTEM SET synchronous_standby_names = '*'; SELECT pg_reload_conf()", user="postgres")

        def fail_over():
            pg_ctl(primary, "-m", "immediate", "stop")
            pg_ctl(standby, "promote")

        with Proxy(primary.port, Event(fail_over, (count + 1) // 2, writes)) as through:
            done = world.run(row.words.split(), self.address(world, through.port, standby.port))
        expect_clear_end(self, done, row.words, UNREACHABLE)
        done = world.run(row.words.split(), self.address(world, primary.port, standby.port))
        self.assertIn(done.returncode, {0, *row.again}, done.stderr)
        self.assertEqual(normal_form.differences(normal_form.state(standby, world.name), wanted), [], "on the standby that took over")

    @staticmethod
    def address(world, first, second):
        return f"postgresql://stack:{PASSWORD}@127.0.0.1:{first},127.0.0.1:{second}/{world.name}?sslmode=disable&target_session_attrs=read-write"

    def test_redis_is_restarted(self):
        for row in rows(REDIS_ROWS, ("ns-db migrate", "as-db migrate", "js-db migrate")):
            with self.subTest(row=row.words):
                world, commands = World(BINARY, redis=PersistentRedis), encoded(row.fixture(60))
                self.addCleanup(world.stop)
                world.fill(commands)
                counted = redis_proxy.Fault(0, lambda words: words[0].upper() in redis_proxy.SCRIPTS)
                self.assertEqual(self.through(world, row, counted).returncode, 0)
                wanted = world.state()
                world.fill(commands)
                done = self.through(world, row, Restart(world.redis, (counted.seen + 1) // 2, counted.counts))
                expect_clear_end(self, done, row.words, {0, *UNREACHABLE})
                world.forget_lock()
                done = world.run(row.words.split())
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(differences(world.state(), wanted), [], row.words)

    def test_a_redis_replica_takes_over(self):
        for row in rows(REDIS_ROWS, ("ns-db migrate", "js-db migrate")):
            with self.subTest(row=row.words):
                world, commands = WatchedWorld(BINARY), encoded(row.fixture(60))
                self.addCleanup(world.stop)
                world.fill(commands)
                points = world.folder / "points"
                self.assertEqual(world.run(row.words.split(), TTI_LW_LIST_POINTS=str(points)).returncode, 0)
                wanted, passed = world.state(), points.read_text(encoding="utf-8").splitlines()
                world.fill(commands)
                done = self.fail_over_at(world, row, points, passed[:(len(passed) + 1) // 2])
                expect_clear_end(self, done, row.words, {0, *UNREACHABLE})
                # What the primary had not passed on is lost: the next run finds it.
                done = world.run(row.words.split())
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(differences(world.state(), wanted), [], row.words)

    @staticmethod
    def fail_over_at(world, row, points, before):
        """While it waits at the last of these failure points."""
        points.unlink()
        with world.start(row.words.split(), TTI_LW_LIST_POINTS=str(points), TTI_LW_PAUSE_AT=f"{before[-1]}:{before.count(before[-1])}") as running:
            until(lambda: points.is_file() and len(points.read_text(encoding="utf-8").splitlines()) >= len(before))
            world.redis.die()
            return ended(running)

    @staticmethod
    def through(world, row, fault):
        path = world.folder / "proxy.sock"
        path.unlink(missing_ok=True)
        with redis_proxy.Proxy(world.redis.socket, path, fault):
            return world.run(row.words.split(), path)


class Restart(redis_proxy.LostRequest):
    """The server is killed before it has the command, and started again on what it wrote down."""

    def __init__(self, redis, *arguments):
        super().__init__(*arguments)
        self.redis = redis

    def strikes(self, words):
        struck = super().strikes(words)
        if struck:
            self.redis.restart()
        return struck


if __name__ == "__main__":
    unittest.main(verbosity=2)
