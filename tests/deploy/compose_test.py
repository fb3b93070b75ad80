"""compose.yaml: read by docker-compose (which needs no engine for that), and its operations run in their order on real databases.

compose_test.py PROGRAM, by the Python of tests/aws
"""

import functools
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.append(str(Path(__file__).resolve().parents[1] / "scenarios"))

import yaml  # noqa: E402
from commands import complaints  # noqa: E402
from redis_server import PASSWORD as REDIS_PASSWORD  # noqa: E402
from redis_server import Redis  # noqa: E402
from servers import PASSWORD as DATABASE_PASSWORD  # noqa: E402
from servers import Postgres  # noqa: E402

PROGRAM = Path(sys.argv.pop(1)).resolve()
FOLDER = Path(__file__).resolve().parents[2] / "deploy/compose"
ANSWERS = {"STACK_VERSION": "3.32.0", "POSTGRES_PASSWORD": DATABASE_PASSWORD, "REDIS_PASSWORD": REDIS_PASSWORD,
           "CONSOLE_CLIENT_SECRET": "correct-horse-battery", "ADMIN_PASSWORD": "Correct1Horse"}


def filled_in(answers):
    text = (FOLDER / ".env.example").read_text(encoding="utf-8")
    return re.sub(r"^(\w+)=$", lambda found: f"{found[1]}={answers.get(found[1], '')}", text, flags=re.MULTILINE)


def read(environment):
    with tempfile.NamedTemporaryFile("w", suffix=".env") as file:
        file.write(environment)
        file.flush()
        return subprocess.run(["docker-compose", "--env-file", file.name, "--file", FOLDER / "compose.yaml", "--profile", "operations", "config"],
                              env={"PATH": "/usr/bin", "HOME": "/nonexistent"}, capture_output=True, text=True, check=False)


@functools.cache
def services():
    done = read(filled_in(ANSWERS))
    assert done.returncode == 0, done.stderr
    return yaml.safe_load(done.stdout)["services"]


def operations(all_services):
    return {name: service for name, service in all_services.items() if service["image"].startswith("tti-lw-stack:")}


class Read(unittest.TestCase):
    def test_the_example_asks_for_all_that_is_needed(self):
        for missing in ANSWERS:
            done = read(filled_in({name: value for name, value in ANSWERS.items() if name != missing}))
            self.assertNotEqual(done.returncode, 0, missing)
            self.assertIn("is missing in .env", done.stderr)

    def test_the_stack_waits_for_its_databases(self):
        everything = services()
        self.assertEqual(everything["stack"]["depends_on"], {"setup": {"condition": "service_completed_successfully"}})
        self.assertEqual(everything["setup"]["depends_on"], {"upgrade": {"condition": "service_completed_successfully"}})
        self.assertEqual(everything["upgrade"]["depends_on"], {name: {"condition": "service_healthy"} for name in ("postgres", "redis")})
        for name in ("TTN_LW_IS_DATABASE_URI", "TTN_LW_REDIS_ADDRESS", "TTN_LW_REDIS_PASSWORD"):
            self.assertEqual({service["environment"][name] for service in (everything["stack"], *operations(everything).values())},
                             {everything["stack"]["environment"][name]})

    def test_operations_may_little(self):
        for service in operations(services()).values():
            self.assertEqual((service["cap_drop"], service["read_only"]), (["ALL"], True))

    def test_their_commands_are_good(self):
        commands = [service["command"] for name, service in operations(services()).items() if name != "setup"]
        self.assertEqual({words[0] for words in commands}, {"tti-lw-stack"})
        self.assertEqual(len(commands), 6)
        self.assertEqual(complaints(PROGRAM, [words[1:] for words in commands]), [])


class Run(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.postgres = Postgres.start()
        cls.addClassCleanup(cls.postgres.stop)
        cls.postgres.create_database("ttn_lorawan")
        cls.redis = Redis(tcp=True)
        cls.addClassCleanup(cls.redis.stop)
        cls.services = services()

    def run_service(self, name):
        """As the container would, but that its hosts and its mounted file are elsewhere."""
        service = self.services[name]
        places = {"@postgres:5432/": f"@127.0.0.1:{self.postgres.port}/", "redis:6379": f"127.0.0.1:{self.redis.port}"}
        environment = service["environment"]
        for there, here in places.items():
            environment = {key: value.replace(there, here) for key, value in environment.items()}
        words = [word.replace("/config/", f"{FOLDER}/") for word in service["command"][1:]]
        done = subprocess.run([PROGRAM, *words], env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout + done.stderr

    def test_a_deployment_is_made_and_kept(self):
        for name in ("upgrade", "setup", "status", "prune"):
            self.run_service(name)
        made = "SELECT client_id FROM clients ORDER BY 1", "SELECT account_type || ' ' || uid FROM accounts ORDER BY 1"
        rows = [self.postgres.psql("ttn_lorawan", sql) for sql in made]
        self.assertEqual(rows, [["cli", "console"], ["user admin"]])
        uris = self.postgres.psql("ttn_lorawan", "SELECT unnest(redirect_uris) FROM clients WHERE client_id = 'console' ORDER BY 1")
        self.assertIn("https://thethings.example.com/console/oauth/callback", uris)
        for name in ("upgrade", "setup"):
            self.run_service(name)
        self.assertEqual([self.postgres.psql("ttn_lorawan", sql) for sql in made], rows)


if __name__ == "__main__":
    unittest.main()
