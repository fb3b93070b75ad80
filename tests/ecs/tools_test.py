"""What an operator has around a task: verify before it, tasks and stop beside it, and its name where it works."""

import json
import re

from cases import HELD, MIGRATED, OnAws, PREFIX
from deployed import until

INTERRUPTED, LOCKED, REFUSED, DUE = 130, 5, 6, 3
SECRET = "tools-hush-5521"


class Tools(OnAws):
    def tool(self, *words):
        return self.deployed.run("ecs", *words, "--ecs", PREFIX)

    def listed(self):
        done = self.tool("tasks", "--output", "json")
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)["tasks"]

    # ecs tasks

    def test_no_tasks(self):
        self.assertEqual(self.listed(), [])
        self.assertIn("no task runs", self.tool("tasks").stdout)

    def test_tasks_are_listed_the_newest_first_with_command_and_outcome(self):
        self.assertEqual(self.ecs("is-db", "migrate").returncode, 0)
        self.assertEqual(self.ecs("is-db", "create-tenant", "--id=-").returncode, 2)
        done = self.ecs("--allow-secret-in-override", "is-db", "create-admin-user", "--tenant-id=default", "--email=a@example.com",
                        f"--password={SECRET}", "--allow-weak-password")
        self.assertEqual(done.returncode, 0, done.stderr)
        tasks = self.listed()
        self.assertEqual([one["exit_code"] for one in tasks], [0, 2, 0])
        self.assertEqual([one["command"] for one in tasks][1:], ["is-db create-tenant --id=-", "is-db migrate"])
        self.assertIn("--password=********", tasks[0]["command"])
        self.assertEqual({one["state"] for one in tasks}, {"STOPPED"})
        self.assertEqual({one["started_by"] for one in tasks}, {"tti-lw-stack"})
        for one in tasks:
            self.assertRegex(one["stopped_at"], r"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        text = self.tool("tasks").stdout
        self.assertIn("exit code 2 (usage)", text)
        self.assertNotIn(SECRET, text + json.dumps(tasks))


    # ecs stop

    def test_a_task_stops_at_a_safe_point_and_the_same_command_goes_on(self):
        self.aws.conduct(**HELD)
        run = self.begin("is-db", "migrate")
        task = self.frozen_task(run)
        self.assertEqual([(one["state"], one["command"]) for one in self.listed()], [("RUNNING", "is-db migrate")])
        # Nobody can be asked, and nothing is done.
        refused = self.tool("stop", task["id"])
        self.assertEqual(refused.returncode, REFUSED, refused.stderr)
        self.assertIn("is-db migrate", refused.stderr)
        self.assertEqual(self.requests("StopTask"), [])
        stop = self.deployed.start_here("ecs", "stop", task["id"], "--yes", "--ecs", PREFIX)
        until(lambda: self.requests("StopTask"))
        self.thaw(task)
        stdout, stderr = stop.communicate(timeout=90)
        self.assertEqual(stop.returncode, 0, stderr)
        self.assertRegex(stdout, r"has ended at a safe point (at|after) step 20\d+_")
        self.assertIn("The same command continues where it stopped.", stdout)
        self.assertRegex(self.requests("StopTask")[0]["body"], r"tti-lw-stack ecs stop, by \w+@")
        run.communicate(timeout=90)
        self.assertEqual(run.returncode, INTERRUPTED)
        self.assertNotEqual(self.migrations(), MIGRATED)
        again = self.tool("stop", task["id"], "--yes")
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertIn("is over already", again.stdout)
        self.aws.conduct()
        self.assertEqual(self.ecs("is-db", "migrate").returncode, 0)
        self.assertEqual(self.migrations(), MIGRATED)

    def test_an_unknown_task_is_not_stopped(self):
        done = self.tool("stop", "0" * 32, "--yes")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("ecs tasks --ecs", done.stderr)


    # Its name in lock and journal

    def test_who_finds_the_lock_held_is_told_the_task(self):
        self.aws.conduct(**HELD)
        task = self.frozen_task(self.begin("is-db", "migrate"))
        until(lambda: self.deployed.sql("SELECT count(*) FROM tti.operations WHERE outcome = 'running'") == ["1"])
        done = self.deployed.run_local("is-db", "migrate")
        self.assertEqual(done.returncode, LOCKED, done.stderr)
        arn = self.deployed.sql("SELECT task FROM tti.operations")[0]
        self.assertEqual(arn, task["arn"])
        self.assertIn(f"task {arn}", done.stderr)
        hint = re.search(r"tti-lw-stack (ecs attach \S+) --ecs STACK", done.stderr)
        self.assertIsNotNone(hint, done.stderr)
        self.thaw(task)
        # What the hint says.
        attached = self.deployed.run(*hint[1].split(), "--ecs", PREFIX)
        self.assertEqual(attached.returncode, 0, attached.stderr)
        self.assertIn("applied 15 migrations", attached.stdout)
        history = json.loads(self.deployed.run_local("is-db", "history", "--output", "json").stdout)
        self.assertEqual(history["operations"][0]["task"], arn)

    # ecs verify

    def verify(self, *words):
        """moto does not know the simulation of policies, and a caller may not be allowed it."""
        self.aws.fault("SimulatePrincipalPolicy", "refuse", times=20, code="AccessDenied", message="not authorized")
        return self.tool("verify", *words)

    def test_a_deployment_is_looked_at_before_a_task(self):
        done = self.verify("--output", "json")
        checks = {one["topic"]: one for one in json.loads(done.stdout)["checks"]}
        wrong = [one for one in checks.values() if one["verdict"] == "problem"]
        self.assertEqual((done.returncode, wrong), (0, []), done.stderr)
        self.assertEqual(checks["stack"]["evidence"], f"{self.aws.stack} is CREATE_COMPLETE")
        for topic in ("cluster", "task definition", "container", "log group", "subnets", "security group", "secrets", "caller"):
            self.assertEqual(checks[topic]["verdict"], "ok", checks[topic])
        self.assertEqual(checks["your rights"]["verdict"], "not known")
        self.assertIn("no problem", self.tool("verify").stdout)
        self.assertEqual({one["action"] for one in self.aws.record()["requests"]} & {"GetSecretValue", "GetParameter", "RunTask", "StopTask"},
                         set())

    def test_a_forbidden_look_ends_nothing_else(self):
        self.aws.fault("DescribeClusters", "refuse", code="AccessDeniedException", message="not authorized")
        done = self.verify("--output", "json")
        checks = {one["topic"]: one for one in json.loads(done.stdout)["checks"]}
        self.assertEqual(checks["cluster"]["verdict"], "not known")
        self.assertEqual(checks["cluster"]["hint"], "The caller needs the permission ecs:DescribeClusters.")
        self.assertEqual((checks["secrets"]["verdict"], done.returncode), ("ok", 0))

    def test_a_problem_is_the_exit_code(self):
        self.aws.fault("SimulatePrincipalPolicy", "refuse", times=20, code="AccessDenied", message="not authorized")
        words = self.aws.arguments.split()
        words[4] = "sg-00000000"
        done = self.deployed.run("ecs", "verify", "--ecs-arguments", " ".join(words))
        self.assertEqual(done.returncode, DUE, done.stderr)
        self.assertRegex(done.stdout, r"security group +problem +.*sg-00000000")
