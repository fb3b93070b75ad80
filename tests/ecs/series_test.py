"""`setup` and `upgrade` of a deployment, each step a task of its own: what they leave, and coming back in the middle."""

import json

import page
from cases import HELD, MIGRATED, OnAws, PREFIX
from deployed import ADMIN_PASSWORD, CLIENTS, PASSWORD_PARAMETER, until

USAGE, REFUSED = 2, 6
DESCRIPTION = f"""
domain: {page.DOMAIN}
network: ttich
environment: prod
cluster: eu1
tenancy: {{mode: multi, default-id: ttn}}
storage: {{included: false}}
noc: {{included: false}}
tenants:
  - {{id: {page.TENANT}, name: "Acme, Inc."}}
admin-users:
  - {{id: alice, tenant-id: {page.TENANT}, email: {page.ADMINISTRATOR}, password-from: "ssm:{PASSWORD_PARAMETER}"}}
"""


class Series(OnAws):
    def commands(self):
        """Of the tasks, as words."""
        return [json.loads(one["body"])["overrides"]["containerOverrides"][0]["command"] for one in self.requests("RunTask")]

    def state(self):
        state = page.state(self.deployed)
        del state["rows"]["journal"]  # of other commands
        return state


class Upgrade(Series):
    def test_each_database_is_a_task_and_the_end_is_that_of_a_local_run(self):
        local = self.deployed.run_local("upgrade", "--yes")
        self.assertEqual(local.returncode, 0, local.stderr)
        wanted = self.migrations()
        self.deployed.fresh()
        done = self.ecs("upgrade", "--yes")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.migrations(), wanted)
        databases = [words[2].removeprefix("--only=") for words in self.commands()[1:]]
        self.assertEqual(self.commands()[0][1:], ["upgrade", "--dry-run"])
        self.assertEqual(databases[0], "is-db")
        self.assertEqual(len(databases), len(set(databases)))
        self.assertIn("nothing is due any more", done.stdout)
        again = self.ecs("upgrade", "--yes")
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertIn("nothing to do", again.stdout)
        self.assertEqual(len(self.commands()), len(databases) + 2)

    def test_a_dry_run_shows_the_plan_and_starts_nothing_else(self):
        done = self.ecs("upgrade", "--dry-run")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("is-db", done.stdout)
        self.assertEqual(len(self.commands()), 1)
        self.assertEqual(self.deployed.sql("SELECT to_regclass('bun_migrations')"), ["NULL"])

    def test_who_comes_back_waits_for_what_still_runs_and_goes_on(self):
        self.aws.conduct(**HELD)
        process = self.begin("upgrade", "--yes")
        until(lambda: len(self.requests("RunTask")) == 2)  # the first one plans
        task = self.frozen_task(process)
        process.kill()
        process.wait()
        self.aws.conduct()
        self.thaw(task)
        done = self.ecs("upgrade", "--yes")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(f"Task {task['id']} of an earlier run goes on", done.stderr)
        self.assertEqual(self.migrations(), MIGRATED)
        of_identity_server = [words for words in self.commands() if "--only=is-db" in words]
        self.assertEqual(len(of_identity_server), 1)

    def test_what_a_task_cannot_do_is_refused_before_any_is_started(self):
        for words, code, text in ((["--backup=/tmp/x"], REFUSED, "the disk of the task, which is new and ends with it"),
                                  (["--backup=s3://x"], USAGE, "a bucket's name"), (["--from=3.24"], USAGE, "explains releases")):
            done = self.ecs("upgrade", *words)
            self.assertEqual(done.returncode, code, done.stderr)
            self.assertIn(text, done.stderr)
        done = self.deployed.run("--ecs", PREFIX, "--detach", "upgrade")
        self.assertEqual(done.returncode, USAGE, done.stderr)
        self.assertEqual(self.requests("RunTask"), [])


class Setup(Series):
    def setUp(self):
        super().setUp()
        (self.deployed.folder / "eu1.yml").write_text(DESCRIPTION, encoding="utf-8")

    def test_each_step_is_a_task_and_the_end_is_that_of_a_local_run(self):
        local = self.deployed.run_local("setup", "eu1.yml", "--yes")
        self.assertEqual(local.returncode, 0, local.stderr)
        wanted = self.state()
        self.deployed.fresh()
        done = self.ecs("setup", "eu1.yml", "--yes")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.state(), wanted)
        steps = [word for words in self.commands() for word in words if word.startswith("--step=")]
        self.assertIn(f"--step=is-db create-tenant {page.TENANT}", steps)
        self.assertEqual(len(self.commands()), len(steps) + 2)
        for secret in (*(client["client_secret"] for client in CLIENTS.values()), ADMIN_PASSWORD):
            self.assertNotIn(secret, str(self.commands()) + done.stdout + done.stderr)

    def test_a_second_run_finds_nothing_to_do(self):
        for _ in range(2):
            done = self.ecs("setup", "eu1.yml", "--yes")
            self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("is as described", done.stdout)
        self.assertEqual(len([words for words in self.commands()[-2:] if "--dry-run" in words]), 1)

    def test_a_secret_on_this_machine_is_refused(self):
        path = self.deployed.folder / "here.yml"
        path.write_text(DESCRIPTION.replace(f"ssm:{PASSWORD_PARAMETER}", "env:PASSWORD"), encoding="utf-8")
        done = self.ecs("setup", "here.yml", "--yes")
        self.assertEqual(done.returncode, USAGE, done.stderr)
        self.assertIn("here.yml line", done.stderr)
        self.assertIn("Secrets Manager", done.stderr)
        self.assertEqual(self.requests("RunTask"), [])
