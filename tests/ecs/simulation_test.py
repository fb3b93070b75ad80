"""The simulated AWS keeps to what ECS does: without that, the other tests here would prove nothing."""

from pathlib import Path

import boto3
from botocore.exceptions import ClientError, ConnectionClosedError
from cases import OnAws
from deployed import until
from deployment_stacks import LOG_GROUP, REGION
from faults import CAPACITY, STARTS


def stream(arn):
    return f"ops/ttes/{arn.split('/')[-1]}"


class Simulation(OnAws):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tasks, cls.logs = cls.client("ecs"), cls.client("logs")
        cls.cluster = cls.aws.arguments.split()[1]

    def task(self, arn):
        return self.tasks.describe_tasks(cluster=self.cluster, tasks=[arn])["tasks"][0]

    def end_of(self, answer):
        arn = answer["tasks"][0]["taskArn"]
        return until(lambda: self.task(arn) if self.task(arn)["lastStatus"] == "STOPPED" else None)

    def log(self, arn):
        lines, token = [], {}
        while True:
            page = self.logs.get_log_events(logGroupName=LOG_GROUP, logStreamName=stream(arn), startFromHead=True, **token)
            lines += [event["message"] for event in page["events"]]
            if page["nextForwardToken"] == token.get("nextToken"):
                return lines
            token = {"nextToken": page["nextForwardToken"]}

    def log_or_nothing(self, arn):
        try:
            return self.log(arn)
        except ClientError:
            return []

    def test_the_command_runs_on_the_databases(self):
        answer = self.run_by_hand("is-db", "migrate")
        self.assertEqual((answer["tasks"][0]["lastStatus"], answer["failures"]), ("PROVISIONING", []))
        self.assertNotIn("exitCode", answer["tasks"][0]["containers"][0])
        end = self.end_of(answer)
        self.assertEqual((end["stopCode"], end["containers"][0]["exitCode"]), ("EssentialContainerExited", 0))
        self.assertEqual(self.deployed.sql("SELECT count(*) FROM bun_migrations"), ["15"])
        self.assertEqual(self.log(end["taskArn"]), self.aws.tasks()[0]["log"])
        self.assertEqual(self.deployed.sql("SELECT task FROM tti.operations"), [end["taskArn"]])

    def test_an_exit_code_is_that_of_the_command(self):
        end = self.end_of(self.run_by_hand("is-db", "create-tenant", "--id=-"))
        self.assertEqual((end["stopCode"], end["containers"][0]["exitCode"]), ("EssentialContainerExited", 2))

    def test_the_task_has_its_own_variables_alone(self):
        self.aws.conduct(environment={"TTI_LW_PAUSE_AT": "before step:1"})
        self.run_by_hand("is-db", "migrate")
        pid = until(lambda: self.aws.tasks()[0]["pid"])
        variables = until(lambda: Path(f"/proc/{pid}/environ").read_bytes().decode().split("\0")[:-1])
        self.assertEqual({line.split("=")[0] for line in variables},
                         {"PATH", "LANG", "AWS_ENDPOINT_URL", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_EXECUTION_ENV",
                          "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_AUTHORIZATION_TOKEN", "ECS_CONTAINER_METADATA_URI_V4",
                          "TTN_LW_IS_DATABASE_URI", "TTN_LW_REDIS_ADDRESS", "TTN_LW_REDIS_PASSWORD", "TTI_LW_PAUSE_AT"})

    def test_a_stop_ends_it_at_a_safe_point(self):
        self.aws.conduct(environment={"TTI_LW_PAUSE_AT": "before step:3"})
        arn = self.run_by_hand("is-db", "migrate")["tasks"][0]["taskArn"]
        until(lambda: self.deployed.sql("SELECT to_regclass('bun_migrations') IS NOT NULL") == ["t"])
        self.tasks.stop_task(cluster=self.cluster, task=arn, reason="enough")
        self.assertEqual(self.task(arn)["desiredStatus"], "STOPPED")
        end = until(lambda: self.task(arn) if self.task(arn)["lastStatus"] == "STOPPED" else None)
        self.assertEqual((end["stopCode"], end["stoppedReason"], end["containers"][0]["exitCode"]), ("UserInitiated", "enough", 130))

    def test_what_does_not_stop_is_killed(self):
        self.aws.conduct(stop_timeout=0.3)
        with self.deployed.redis.client() as client:
            client("CLIENT", "PAUSE", "3000")
        arn = self.run_by_hand("ns-db", "migrate")["tasks"][0]["taskArn"]
        until(lambda: self.task(arn)["lastStatus"] == "RUNNING")
        self.tasks.stop_task(cluster=self.cluster, task=arn)
        end = until(lambda: self.task(arn) if self.task(arn)["lastStatus"] == "STOPPED" else None)
        self.assertIn(end["containers"][0]["exitCode"], (130, 137, 143))

    def test_ways_not_to_start(self):
        for name, start in STARTS.items():
            with self.subTest(name):
                self.aws.conduct(start=name)
                end = self.end_of(self.run_by_hand("version"))
                self.assertEqual((end["stopCode"], end["stoppedReason"]), (start.code, start.reason))
                self.assertNotIn("exitCode", end["containers"][0])
        self.aws.conduct(start="capacity")
        answer = self.run_by_hand("version")
        self.assertEqual((answer["tasks"], answer["failures"]), ([], [CAPACITY]))

    def test_one_token_starts_one_task(self):
        first = self.run_by_hand("version", clientToken="one")
        self.assertEqual(self.run_by_hand("version", clientToken="one")["tasks"][0]["taskArn"], first["tasks"][0]["taskArn"])
        with self.assertRaises(ClientError) as refused:
            self.run_by_hand("help", clientToken="one")
        self.assertEqual(refused.exception.response["Error"]["Code"], "ConflictException")
        self.assertEqual(len(self.aws.tasks()), 1)

    def test_an_answer_that_is_lost(self):
        self.aws.fault("RunTask", "lose", times=2)
        with self.assertRaises(ConnectionClosedError):
            self.run_by_hand("version")
        self.assertEqual(len(self.aws.tasks()), 1)  # botocore sent it twice, with one token

    def test_refusals_are_counted(self):
        self.aws.fault("DescribeTasks", "refuse", skip=1, times=1, code="AccessDeniedException")
        arn = self.run_by_hand("version")["tasks"][0]["taskArn"]
        self.task(arn)
        with self.assertRaises(ClientError):
            self.task(arn)
        self.task(arn)

    def test_credentials_expire_on_demand(self):
        def caller():
            given = self.aws.credentials()
            return boto3.client("ecs", endpoint_url=self.aws.url, region_name=REGION, aws_access_key_id=given["AccessKeyId"],
                                aws_secret_access_key=given["SecretAccessKey"], aws_session_token=given["Token"])
        first = caller()
        first.list_tasks(cluster=self.cluster)
        self.aws.expire_credentials()
        with self.assertRaises(ClientError) as refused:
            first.list_tasks(cluster=self.cluster)
        self.assertEqual(refused.exception.response["Error"]["Code"], "ExpiredTokenException")
        caller().list_tasks(cluster=self.cluster)
        self.assertEqual([(one["caller"], one["status"]) for one in self.aws.record()["requests"]],
                         [("operator", 200), ("operator", 400), ("operator", 200)])

    def log_of_help(self, **values):
        self.aws.conduct(**values)
        self.arn = self.end_of(self.run_by_hand("--help"))["taskArn"]
        return self.log(self.arn)

    def test_a_log_that_is_read_in_pieces(self):
        whole = self.log_of_help()
        self.assertEqual(whole, self.aws.tasks()[0]["log"])
        self.assertEqual(self.log_of_help(log_page=4, log_empty_pages=True), whole)
        self.assertEqual(self.log_of_help(log_page=4, log_overlap=1)[:6], [*whole[:4], whole[3], whole[4]])
        self.assertEqual(self.log_of_help(log_gap=2), whole[:2] + whole[3:])
        self.assertEqual(self.log(self.arn), whole)

    def test_a_log_that_was_written_in_pieces(self):
        whole = self.log_of_help()
        self.assertEqual(self.log_of_help(log_twice=True), [line for line in whole for _ in range(2)])
        pieces = self.log_of_help(log_piece=10)
        self.assertEqual((pieces[0], "".join(pieces)), (whole[0][:10], "".join(whole)))

    def test_a_log_that_is_late(self):
        self.aws.conduct(log_delay=0.3)
        arn = self.end_of(self.run_by_hand("--help"))["taskArn"]
        until(lambda: self.aws.tasks()[0]["log"] == self.log_or_nothing(arn))
        events = self.logs.get_log_events(logGroupName=LOG_GROUP, logStreamName=stream(arn), startFromHead=True)["events"]
        self.assertGreaterEqual(min(event["ingestionTime"] - event["timestamp"] for event in events), 290)
