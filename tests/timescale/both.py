"""The two servers of these tests: PostgreSQL, and TimescaleDB."""

import json
import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scenarios"))

from servers import Postgres, free_port, program  # noqa: E402
import witness  # noqa: E402

BINARY, MODULES = sys.argv.pop(1), sys.argv.pop(1)
PAGE = ("--timescaledb.chunk-time-interval", "12h", "--timescaledb.enable-retention-policy",
        "--timescaledb.retention-days", "31")
# Two devices, six messages an hour over so many days, without the 20th; times that more than one message has, a NUL.
ROWS = """
INSERT INTO storage.messages (received_at, application_id, device_id, type, f_port, message)
SELECT t + (n % 3) * interval '20 minutes', 'water', 'tank-' || n % 2, CASE WHEN n % 7 = 0 THEN 'join_accept' ELSE 'uplink_message' END,
       n % 5, format('{{"n": %s, "text": "\\u0000 \\"x\\""}}', n)::json
  FROM (SELECT date_trunc('day', now()) - interval '{days} days' + h * interval '1 hour' AS t, n
          FROM generate_series(0, {days} * 24 - 1) h, generate_series(6 * h, 6 * h + 5) n) AS hours
 WHERE t::date <> (now() - interval '20 days')::date
 ORDER BY 1, n
"""


def rows(days):
    return ROWS.format(days=days)


class Server:
    """A database that commands and statements are given to."""

    GROUP = "storage-db"

    def __init__(self, uri):
        self.uri = uri

    def run(self, *arguments, code=0, **variables):
        environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LANG": "C.UTF-8", "PGTZ": "Europe/Amsterdam",
                       "TTN_LW_IS_DATABASE_URI": self.uri, **variables}
        done = witness.run([BINARY, self.GROUP, *arguments], env=environment, cwd="/", capture_output=True,
                              text=True, check=False, timeout=600)
        if code is not None and done.returncode != code:
            raise AssertionError(f"{arguments} ended with {done.returncode}, not {code}:\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def data(self, *arguments, code=0):
        return json.loads(self.run(*arguments, "--output", "json", code=code).splitlines()[-1])

    def sql(self, statement):
        done = subprocess.run([program("psql"), "-X", "-q", "-A", "-t", "-F", "|", "-v", "ON_ERROR_STOP=1", "-d", self.uri],
                              input=statement, capture_output=True, text=True, check=False, timeout=600)
        if done.returncode != 0:
            raise AssertionError(f"{statement}: {done.stderr}")
        return done.stdout.splitlines()

    def clear(self):
        self.sql("DROP SCHEMA IF EXISTS storage CASCADE; DROP SCHEMA IF EXISTS tti CASCADE")


class Timescale(Server):
    def __init__(self):
        port = free_port()
        self.process = subprocess.Popen(
            ["node", str(Path(__file__).with_name("server.mjs")), str(port), MODULES],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        if self.process.stdout.readline().strip() != "ready":
            raise RuntimeError("TimescaleDB did not start")
        super().__init__(f"postgresql://postgres:x@127.0.0.1:{port}/postgres?sslmode=disable&gssencmode=disable")

    def stop(self):
        self.process.stdin.close()
        self.process.wait(timeout=30)
        self.process.stdout.close()


class Plain(Server):
    def __init__(self):
        self.server = Postgres.start()
        self.server.create_database("storage")
        super().__init__(self.server.uri("storage"))

    def stop(self):
        self.server.stop()


os.environ["PATH"] += os.pathsep + str(Path(program("psql")).parent)
