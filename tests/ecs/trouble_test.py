"""AWS throttles, fails, loses answers and lets credentials expire; the command is run once, to its end."""

from cases import HELD, MIGRATED, OnAws
from deployed import until


class Trouble(OnAws):
    def assert_done_once(self, returncode, stderr):
        self.assertEqual(returncode, 0, stderr)
        self.assertEqual([one["exit_code"] for one in self.aws.tasks()], [0])
        self.assertEqual(self.migrations(), MIGRATED)

    def test_throttling(self):
        for action in ("DescribeStacks", "DescribeTaskDefinition", "RunTask", "DescribeTasks", "GetLogEvents"):
            self.aws.fault(action, "refuse", times=2, code="ThrottlingException", message="Rate exceeded")
        done = self.ecs("is-db", "migrate")
        self.assert_done_once(done.returncode, done.stderr)
        self.assertEqual([one["status"] for one in self.requests("RunTask")], [400, 400, 200])

    def test_a_service_that_fails_for_now(self):
        self.aws.fault("RunTask", "refuse", status=500, code="ServerException", message="Service unavailable")
        self.aws.fault("DescribeTasks", "refuse", times=2, status=503, code="ServiceUnavailable", message="Service unavailable")
        self.aws.fault("GetLogEvents", "cut", times=2)
        self.aws.fault("GetLogEvents", "slow", seconds=1)
        done = self.ecs("is-db", "migrate")
        self.assert_done_once(done.returncode, done.stderr)

    def test_an_answer_of_run_task_that_is_lost(self):
        self.aws.fault("RunTask", "lose")
        done = self.ecs("is-db", "migrate")
        self.assert_done_once(done.returncode, done.stderr)
        first, second = self.requests("RunTask")
        self.assertEqual(first["body"], second["body"])

    def test_credentials_that_expire_in_the_middle(self):
        self.aws.conduct(**HELD)
        process = self.begin("is-db", "migrate")
        task = self.frozen_task(process)
        self.aws.expire_credentials()
        self.thaw(task)
        _, stderr = process.communicate(timeout=300)
        self.assert_done_once(process.returncode, stderr)
        record = [one for one in self.aws.record()["requests"] if one["caller"] == "operator"]
        refused = next(number for number, one in enumerate(record) if "ExpiredTokenException" in one["answer"])
        before, after = ({one["key"] for one in part} for part in (record[:refused + 1], record[refused + 1:]))
        self.assertEqual((len(before), len(after), before & after), (1, 1, set()))

    def test_credentials_that_have_expired_and_cannot_be_renewed(self):
        """They stand in variables; the task goes on, and is found again."""
        self.aws.conduct(**HELD)
        given = self.aws.credentials()
        process = self.begin("is-db", "migrate", AWS_CONTAINER_CREDENTIALS_FULL_URI="", AWS_ACCESS_KEY_ID=given["AccessKeyId"],
                             AWS_SECRET_ACCESS_KEY=given["SecretAccessKey"], AWS_SESSION_TOKEN=given["Token"])
        task = self.frozen_task(process)
        self.aws.expire_credentials()
        self.thaw(task)
        _, stderr = process.communicate(timeout=300)
        self.assertNotEqual(process.returncode, 0)
        self.assertIn(f"tti-lw-stack ecs attach {task['id']}", stderr)
        until(lambda: self.aws.tasks()[0]["exit_code"] == 0)
