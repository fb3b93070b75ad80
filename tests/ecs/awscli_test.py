"""What `ecs command` prints does what it says: Debian's `aws` carries it out, and the command runs on a real database."""

import json
import subprocess

from cases import MIGRATED, OnAws, PREFIX
from deployed import until

# Of Debian 12 it is a version that does not know AWS_ENDPOINT_URL yet.
WRAPPER = """#!/bin/sh
exec /usr/bin/aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"
"""
ODD = "it's \"the\" \\ $HOME `id`; *, [a], {b}: Z\u00fcrich"


class Printed(OnAws):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        programs = cls.deployed.folder / "bin"
        programs.mkdir()
        (programs / "aws").write_text(WRAPPER, encoding="utf-8")
        (programs / "aws").chmod(0o755)

    def printed(self, form, *words):
        done = self.deployed.run("ecs", "command", "--form", form, *words)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.removesuffix("\n")

    def paste(self, call):
        """Into a shell of somebody who has the AWS CLI and nothing of this program."""
        environment = self.deployed.operator(PATH=f"{self.deployed.folder}/bin:/usr/bin:/bin")
        done = subprocess.run(["/bin/sh", "-c", call], env=environment, cwd=self.deployed.folder, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, check=False, timeout=300)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)["tasks"]

    def assert_ran(self, *command):
        """As one task, as the page wants it."""
        tasks = until(lambda: [one for one in self.aws.tasks() if one["status"] == "STOPPED"])
        self.assertEqual([(one["exit_code"], one["overrides"]) for one in tasks],
                         [(0, {"containerOverrides": [{"name": "ttes", "command": ["tti-lw-stack", *command]}]})], tasks[0]["log"])
        request = json.loads(self.requests("RunTask")[0]["body"])
        definition, cluster, *subnets, group = self.aws.arguments.split()
        self.assertEqual((request["taskDefinition"], request["cluster"], request["launchType"]), (definition, cluster, "FARGATE"))
        self.assertEqual(request["networkConfiguration"],
                         {"awsvpcConfiguration": {"subnets": subnets, "securityGroups": [group], "assignPublicIp": "DISABLED"}})

    def test_the_call_for_a_deployment_can_be_pasted(self):
        command = ("is-db", "create-tenant", "--id=acme", f"--name={ODD}")
        self.assertEqual(self.paste(self.printed("call", "--ecs", PREFIX, "--", *command))[0]["lastStatus"], "PROVISIONING")
        self.assert_ran(*command)
        self.assertEqual(self.deployed.sql("SELECT name FROM tti.tenants"), [ODD])

    def test_the_call_for_any_deployment_takes_its_words_from_variables(self):
        command = ("is-db", "create-oauth-client", "--tenant-id=NULL", "--id=cli", "--name=Command Line Interface", "--no-secret",
                   "--redirect-uri=local-callback", "--redirect-uri=code")
        call = self.printed("call", "--", *command)
        names = ("TASK_DEFINITION", "CLUSTER_NAME", "SUBNET_ONE", "SUBNET_TWO", "SECURITY_GROUP")
        # What the output of the stack holds, word by word.
        ask = (f"aws cloudformation describe-stacks --stack-name {self.aws.stack} --output text "
               "--query 'Stacks[0].Outputs[?OutputKey==`OpsRunTaskArguments`].OutputValue'")
        values = "; ".join(f"{name}=${number}" for number, name in enumerate(names, 1))
        self.paste(f"set -- $({ask}); {values}; {call}")
        self.assert_ran(*command)
        self.assertEqual(self.deployed.sql("SELECT client_id, name, redirect_uris FROM clients"),
                         ["cli | Command Line Interface | {local-callback,code}"])

    def test_the_json_array_is_an_override(self):
        array = self.printed("json", "--", "is-db", "migrate")
        definition, cluster, *subnets, group = self.aws.arguments.split()
        self.paste(f"aws ecs run-task --task-definition {definition} --cluster {cluster} --launch-type FARGATE --network-configuration "
                   f"'awsvpcConfiguration={{subnets=[{','.join(subnets)}],securityGroups=[{group}],assignPublicIp=DISABLED}}' "
                   f"--overrides '{{\"containerOverrides\":[{{\"name\":\"ttes\",\"command\":{array}}}]}}'")
        self.assert_ran("is-db", "migrate")
        self.assertEqual(self.migrations(), MIGRATED)


class Notes(OnAws):
    """What stands in an operator's notes runs."""

    def run_notes(self, option, text):
        done = self.deployed.run("ecs", "run", "--ecs", PREFIX, option, text)
        self.assertEqual(done.returncode, 0, done.stderr)
        return self.aws.tasks()[-1]["overrides"]["containerOverrides"][0]["command"]

    def test_each_form(self):
        definition, cluster, one, two, group = self.aws.arguments.split()
        call = (f"aws ecs run-task \\\n  --task-definition {definition} --cluster {cluster} \\\n  --launch-type FARGATE --network-configuration "
                f"'awsvpcConfiguration={{subnets=[{one},{two}],securityGroups=[{group}],assignPublicIp=DISABLED}}' \\\n"
                "  --overrides '{\"containerOverrides\": [{\"name\": \"ttes\", \"command\": [\"tti-lw-stack\", \"is-db\", \"migrate\"]}]}'")
        for option, text in (("--console-line", "tti-lw-stack,is-db,migrate"), ("--json", '["tti-lw-stack", "is-db", "migrate"]'),
                             ("--call", call)):
            with self.subTest(option):
                self.deployed.fresh()
                self.assertEqual(self.run_notes(option, text), ["tti-lw-stack", "is-db", "migrate"])
                self.assertEqual(self.migrations(), MIGRATED)
