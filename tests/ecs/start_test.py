"""Each way in which a task does not start, and what is said of it."""

from cases import OnAws, PREFIX
from deployed import until
from faults import CAPACITY, STARTS

NEVER_STARTED = 9
# In plain words, and the beginning of what helps.
SAID = {
    "image": (": its image cannot be pulled", "Look at the parameter Ops Image"),
    "secret": (": a secret or parameter of its definition cannot be read", "Look whether it exists"),
    "interface": (": its network interface was not made in time", "Look at https://health.aws.amazon.com"),
    "network": (": its subnets do not reach AWS", "Look at the NAT gateway"),
    "role": (": its role cannot be assumed", "Look whether the role trusts ecs-tasks.amazonaws.com"),
    "log group": (": its log cannot be written", "Look whether the log group"),
    "program": (": its image does not have the program", "Look at the parameter Ops Image"),
    "silent": ("", "tti-lw-stack ecs verify looks at"),
}


class NeverStarted(OnAws):
    def test_each_way_is_told_in_plain_words_with_the_reason_of_aws(self):
        runs = {}
        for number, name in enumerate(SAID):
            self.aws.conduct(start=name)
            runs[name] = self.begin("is-db", "migrate")
            until(lambda: len(self.aws.tasks()) > number)
        for name, process in runs.items():
            with self.subTest(name):
                stdout, stderr = process.communicate(timeout=300)
                self.assertEqual((process.returncode, stdout), (NEVER_STARTED, ""), stderr)
                what, hint = SAID[name]
                self.assertIn(f"never started{what} (AWS: {STARTS[name].reason})\nhint: {hint}", stderr)
        self.assertEqual(self.deployed.sql("SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"), ["0"])

    def test_no_capacity(self):
        self.aws.conduct(start="capacity")
        done = self.ecs("is-db", "migrate")
        self.assertEqual(done.returncode, NEVER_STARTED, done.stderr)
        self.assertIn("never started: AWS has no capacity for it at the moment", done.stderr)
        self.assertIn(CAPACITY["reason"], done.stderr)
        self.assertEqual(self.aws.tasks(), [])

    def test_a_role_that_ecs_refuses_at_once(self):
        self.aws.fault("RunTask", "refuse", code="ClientException", message=STARTS["role"].reason)
        done = self.ecs("is-db", "migrate")
        self.assertEqual(done.returncode, NEVER_STARTED, done.stderr)
        self.assertIn(f"never started{SAID['role'][0]} (AWS", done.stderr)
        self.assertIn(STARTS["role"].reason, done.stderr)

    def test_a_caller_without_permission(self):
        message = "User: arn:aws:sts::123456789012:assumed-role/operator/1 is not authorized to perform: ecs:RunTask"
        self.aws.fault("RunTask", "refuse", code="AccessDeniedException", message=message)
        done = self.ecs("is-db", "migrate")
        self.assertEqual(done.returncode, NEVER_STARTED, done.stderr)
        self.assertIn("not authorized to perform: ecs:RunTask", done.stderr)

    def test_a_failure_of_the_command_is_no_failure_to_start(self):
        local = self.deployed.run_local("is-db", "create-tenant", "--id=-")
        done = self.ecs("is-db", "create-tenant", "--id=-")
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(done.returncode, local.returncode)
        self.assertNotIn("never started", done.stderr)

    def test_a_deployment_that_is_not_there(self):
        done = self.deployed.run("--ecs", f"{PREFIX}x", "is-db", "migrate")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn(f"{PREFIX}x", done.stderr)
        self.assertEqual(self.requests("RunTask"), [])

    def test_an_exit_code_that_ecs_has_lost_is_in_the_log(self):
        self.aws.conduct(lost_exit_code=True)
        done = self.ecs("is-db", "create-tenant", "--id=-")
        self.assertEqual((done.returncode, self.aws.tasks()[0]["exit_code"]), (2, None), done.stderr)
        self.assertNotIn("without an exit code", done.stderr)
