"""What the tests of commands as tasks have in common."""

import atexit
import functools
import os
import signal
import unittest

import boto3
from botocore.config import Config
from deployed import Deployed, until
from deployment_stacks import PREFIX, REGION

BINARY = ""  # set by `run`
# Not in the way of what is compared: where the task and its log can be seen.
WHERE = ("INFO\tTask ", "INFO\tIts log: ")
# Some seconds' sleep in the middle of `is-db migrate`.
HELD = {"environment": {"TTI_LW_PAUSE_AT": "before step:2"}}
MIGRATED = ["15"]


@functools.cache
def the_deployment():
    """One for all tests of a process, since it takes seconds to start."""
    deployed = Deployed(BINARY)
    atexit.register(deployed.stop)
    return deployed


class OnAws(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.deployed = the_deployment()
        cls.aws = cls.deployed.aws

    def setUp(self):
        self.deployed.fresh()

    def ecs(self, *words, **variables):
        return self.deployed.run("--ecs", PREFIX, *words, **variables)

    def begin(self, *words, **variables):
        """A run that goes on meanwhile. It is ended with the test."""
        process = self.deployed.start_here("--ecs", PREFIX, *words, **variables)
        self.addCleanup(end, process)
        return process

    @classmethod
    def client(cls, service):
        """Of somebody who does not use this program."""
        return boto3.client(service, endpoint_url=cls.aws.url, region_name=REGION, aws_access_key_id="tests", aws_secret_access_key="x",
                            config=Config(retries={"max_attempts": 1, "mode": "standard"}))

    def run_by_hand(self, *words, **more):
        """The answer of RunTask."""
        definition, cluster, *subnets, group = self.aws.arguments.split()
        where = {"subnets": subnets, "securityGroups": [group], "assignPublicIp": "DISABLED"}
        return self.client("ecs").run_task(
            cluster=cluster, taskDefinition=definition, launchType="FARGATE", networkConfiguration={"awsvpcConfiguration": where},
            overrides={"containerOverrides": [{"name": "ttes", "command": ["tti-lw-stack", *words]}]}, **more)

    def frozen_task(self, run=None):
        """The newest task, started with HELD, in the middle of its command and stopped there until thaw(). `run` is what began it."""
        def running():
            self.assertTrue(run is None or run.poll() is None, "the run has ended")
            return [one for one in self.aws.tasks()[-1:] if one["status"] == "RUNNING"]
        task = until(running)[0]
        until(lambda: self.deployed.sql("SELECT to_regclass('bun_migrations')") != ["NULL"] and self.migrations() != ["0"])
        os.kill(task["pid"], signal.SIGSTOP)
        return task

    @staticmethod
    def thaw(task):
        os.kill(task["pid"], signal.SIGCONT)

    def migrations(self):
        return self.deployed.sql("SELECT count(*) FROM bun_migrations")

    def requests(self, action):
        return [one for one in self.aws.record()["requests"] if one["action"] == action]


def end(process):
    if process.poll() is None:
        process.kill()
    process.communicate()


def told(stderr):
    """Without what only a task has."""
    return [line for line in stderr.splitlines() if not line.startswith(WHERE)]
