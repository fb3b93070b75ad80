"""The CloudFormation templates: what cfn-lint and moto say to them, what the roles may, and that scheduled commands are good.

templates_test.py PROGRAM, by the Python of tests/aws
"""

import json
import os
import re
import subprocess
import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
os.environ |= {"AWS_ACCESS_KEY_ID": "tests", "AWS_SECRET_ACCESS_KEY": "none", "AWS_DEFAULT_REGION": "eu-west-1"}

import boto3  # noqa: E402
import cfnlint.decode  # noqa: E402
from commands import UNREACHABLE, Nowhere, complaints  # noqa: E402
from moto import mock_aws  # noqa: E402
from moto.core.common_models import CloudFormationModel  # noqa: E402

PROGRAM = Path(sys.argv.pop(1)).resolve()
ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "deploy/cloudformation"
OPERATIONS, SCHEDULE = FOLDER / "5-2-ecs-ops.yml", FOLDER / "ops-schedule.yml"
STACK = "ttich-prod-eu1-ops"
SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:ttich-prod-eu1-{}-AbCdEf"


def template(path):
    content, problems = cfnlint.decode.decode(str(path))
    assert not problems, problems
    return content


def statements(role):
    [policy] = template(OPERATIONS)["Resources"][role]["Properties"]["Policies"]
    every = policy["PolicyDocument"]["Statement"]
    return [each["Fn::If"][1] if "Fn::If" in each else each for each in every]


# What the words in capitals of deploy/policies mean here.
WORDS = {"arn:aws:kms:REGION:ACCOUNT:key/KEY": "${KMSKeyARN}", "arn:aws": "arn:${AWS::Partition}", "REGION": "${AWS::Region}",
         "ACCOUNT": "${AWS::AccountId}", "DEPLOYMENT": "${NetworkName}-${Environment}-${Cluster}", "BUCKET": "${OperationsBucketName}",
         "PREFIX": "${OperationsBucketPrefix}"}


def as_text(node):
    """References as they are written within Fn::Sub."""
    if set(node) == {"Fn::Sub"}:
        return node["Fn::Sub"]
    return "${" + node["Ref"] + "}" if set(node) == {"Ref"} else node


class Lint(unittest.TestCase):
    def test_cfn_lint_finds_nothing(self):
        done = subprocess.run([Path(sys.executable).with_name("cfn-lint"), OPERATIONS, SCHEDULE], capture_output=True, text=True, check=False)
        self.assertEqual(done.stdout + done.stderr, "")
        self.assertEqual(done.returncode, 0)

    def test_the_version_is_that_of_the_program(self):
        version = re.search(r"VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text(encoding="utf-8").split("project(")[1])[1]
        for path in (OPERATIONS, SCHEDULE):
            self.assertEqual(template(path)["Outputs"]["VersionTag"]["Value"], version, path)


class Schedule(CloudFormationModel):
    """Of which moto's CloudFormation knows nothing (it finds this class): made by the call of the API, which checks names and types."""

    __module__ = "moto.scheduler.models"  # moto reads from it whose it is

    def __init__(self, name):
        self.name = name

    @property
    def physical_resource_id(self):
        return self.name

    @staticmethod
    def cloudformation_name_type():
        return "Name"

    @staticmethod
    def cloudformation_type():
        return "AWS::Scheduler::Schedule"

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, *_, **__):
        properties = cloudformation_json["Properties"]
        network = properties["Target"]["EcsParameters"]["NetworkConfiguration"]
        network["awsvpcConfiguration"] = network.pop("AwsvpcConfiguration")
        boto3.client("scheduler").create_schedule(Name=resource_name, **properties)
        return cls(resource_name)


class Deployed(unittest.TestCase):
    """A network in a simulated AWS, and stacks made there of the templates."""

    def setUp(self):
        aws = mock_aws()
        aws.start()
        self.addCleanup(aws.stop)
        ec2 = boto3.client("ec2")
        network = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        self.subnets = [ec2.create_subnet(VpcId=network, CidrBlock=f"10.0.{i}.0/24")["Subnet"]["SubnetId"] for i in (1, 2)]
        self.group = ec2.create_security_group(GroupName="ops", Description="ops", VpcId=network)["GroupId"]
        boto3.client("ecs").create_cluster(clusterName="ttich-prod-eu1")
        self.least = {"NetworkName": "ttich", "Cluster": "eu1", "OpsImage": "example/tti-lw-stack:1", "ECSClusterName": "ttich-prod-eu1",
                      "SubnetOne": self.subnets[0], "SubnetTwo": self.subnets[1], "SecurityGroup": self.group,
                      "DatabaseURIsSecretARN": SECRET.format("databases"), "GeneralRedisAddress": "general.internal:6379"}

    def stack(self, name, path, parameters):
        formation = boto3.client("cloudformation")
        given = [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()]
        formation.create_stack(StackName=name, TemplateBody=path.read_text(encoding="utf-8"), Parameters=given,
                               Capabilities=["CAPABILITY_IAM"])
        [stack] = formation.describe_stacks(StackName=name)["Stacks"]
        self.assertEqual(stack["StackStatus"], "CREATE_COMPLETE")
        return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}

    def make(self, **parameters):
        return self.stack(STACK, OPERATIONS, self.least | parameters)


class Operations(Deployed):
    def container(self, outputs):
        definition = boto3.client("ecs").describe_task_definition(taskDefinition=outputs["TaskDefinitionFamily"])["taskDefinition"]
        [container] = definition["containerDefinitions"]
        # moto keeps a null where AWS::NoValue stands in a list.
        return {key: [each for each in value if each] if isinstance(value, list) else value for key, value in container.items()}

    def test_the_five_words_start_a_task(self):
        words = self.make()["OpsRunTaskArguments"].split(" ")
        self.assertEqual(len(words), 5)
        definition, cluster, one, two, group = words
        self.assertEqual([cluster, one, two, group], ["ttich-prod-eu1", *self.subnets, self.group])
        network = {"subnets": [one, two], "securityGroups": [group], "assignPublicIp": "DISABLED"}
        override = {"containerOverrides": [{"name": "ttes", "command": ["tti-lw-stack", "is-db", "migrate"]}]}
        started = boto3.client("ecs").run_task(taskDefinition=definition, cluster=cluster, launchType="FARGATE", overrides=override,
                                               networkConfiguration={"awsvpcConfiguration": network})
        self.assertEqual(started["failures"], [])
        self.assertEqual([each["name"] for each in started["tasks"][0]["containers"]], ["ttes"])

    def test_it_has_the_parameters_of_the_template_that_it_replaces(self):
        parameters = template(OPERATIONS)["Parameters"]
        self.assertLessEqual({"GeneralRedisTLS", "CacheRedisTLS", "EventsRedisTLS", "IncludeNetworkOperationsCenter",
                              "NOCTimescaleDBDeploymentName", "ApplicationServerStorageEnabled",
                              "ApplicationServerStorageTimescaleDBDeploymentName", "ApplicationServerStorageReplicaEnabled",
                              "UseCertificateAuthorityARN", "GOGCValue", "OpsImage"}, set(parameters))
        self.assertEqual(parameters["GOGCValue"]["Default"], 100)

    def test_least_parameters_name_least(self):
        container = self.container(self.make())
        self.assertEqual([each["name"] for each in container["secrets"]], ["TTN_LW_IS_DATABASE_URI"])
        self.assertNotIn("TTN_LW_CACHE_REDIS_ADDRESS", [each["name"] for each in container["environment"]])
        self.assertEqual(container["stopTimeout"], 120)
        options = container["logConfiguration"]["options"]
        [group] = boto3.client("logs").describe_log_groups(logGroupNamePrefix=options["awslogs-group"])["logGroups"]
        self.assertEqual(group["retentionInDays"], 365)

    def test_every_setting_is_one_of_the_program(self):
        container = self.container(self.make(**self.everything()))
        names = {each["name"] for kind in ("environment", "secrets") for each in container[kind]} - {"GOGC"}
        self.assertEqual(names - self.known_settings(), set())
        self.assertEqual(len(names), 17)
        fields = {each["name"]: each["valueFrom"].split(":secret:")[1] for each in container["secrets"]}
        self.assertEqual(fields["TTN_LW_NOC_STORE_DATABASE_URI"], "ttich-prod-eu1-databases-AbCdEf:metrics::")
        self.assertEqual(fields["TTN_LW_AS_PACKAGES_STORAGE_POSTGRES_READ_DATABASE_URI"], "ttich-prod-eu1-databases-AbCdEf:messages-replica::")

    @staticmethod
    def everything():
        return {"CacheRedisAddress": "cache.internal:6379", "EventsRedisAddress": "events.internal:6379",
                "RedisPasswordsSecretARN": SECRET.format("redis"), "ClusterKeysSecretARN": SECRET.format("keys"),
                "IdentityServerAddress": "identity.internal:1884", "IncludeNetworkOperationsCenter": "true",
                "NOCTimescaleDBDeploymentName": "metrics", "ApplicationServerStorageEnabled": "true",
                "ApplicationServerStorageTimescaleDBDeploymentName": "messages", "ApplicationServerStorageReplicaEnabled": "true",
                "OperationsBucketName": "ttich-operations"}

    @staticmethod
    def known_settings():
        shown = subprocess.run([PROGRAM, "config", "--env"], env={"HOME": "/nonexistent"}, capture_output=True, text=True, check=True).stdout
        return set(re.findall(r"\bTTN_LW_\w+", shown))


class Roles(unittest.TestCase):
    def test_nothing_is_allowed_on_everything(self):
        for role in ("ExecutionRole", "TaskRole"):
            for statement in statements(role):
                actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
                self.assertEqual([action for action in actions if "*" in action], [])
                self.assertTrue(statement["Resource"] != "*" or actions == ["ecr:GetAuthorizationToken"], statement)

    def test_the_task_may_what_its_policy_says(self):
        policy = (ROOT / "deploy/policies/task.json").read_text(encoding="utf-8")
        for word, meaning in WORDS.items():
            policy = re.sub(rf"\b{word}\b", meaning, policy)
        self.assertEqual(json.loads(json.dumps(statements("TaskRole")), object_hook=as_text), json.loads(policy)["Statement"])


class Scheduled(unittest.TestCase):
    def setUp(self):
        self.content = template(SCHEDULE)
        self.schedules = {name: each["Properties"] for name, each in self.content["Resources"].items()
                          if each["Type"] == "AWS::Scheduler::Schedule"}

    def commands(self, **values):
        for schedule in self.schedules.values():
            text = schedule["Target"]["Input"]
            text = text["Fn::Sub"] if isinstance(text, dict) else text
            [override] = json.loads(re.sub(r"\$\{(\w+)\}", lambda found: values[found[1]], text))["containerOverrides"]
            self.assertEqual(override["name"], "ttes")
            program, *words = override["command"]
            self.assertEqual(program, "tti-lw-stack")
            yield [word.replace("<aws.scheduler.scheduled-time>", "2026-01-31T01:00:00Z") for word in words]

    def test_every_command_is_good(self):
        for undo in ("--no-undo", "--undo-to=/mnt/operations/undo", "--undo-to=s3://ttich-operations/operations/undo"):
            commands = list(self.commands(CleanupMaxDelete="5%", CleanupUndo=undo, BackupTo="/nonexistent/backup"))
            self.assertEqual(len(commands), 9)
            self.assertEqual(complaints(PROGRAM, commands), [])

    def test_none_runs_unless_asked_for(self):
        for schedule in self.schedules.values():
            self.assertEqual(self.content["Parameters"][schedule["State"]["Ref"]]["Default"], "DISABLED")
            self.assertIn(schedule["ScheduleExpression"]["Ref"], self.content["Parameters"])

    def test_they_differ_in_state_time_and_command_alone(self):
        same = {json.dumps({**each, "State": "", "ScheduleExpression": "", "Target": {**each["Target"], "Input": ""}})
                for each in self.schedules.values()}
        self.assertEqual(len(same), 1)

    def test_what_is_imported_is_exported(self):
        exported = {each["Export"]["Name"]["Fn::Sub"].replace("AWS::StackName", "OpsStackName")
                    for each in template(OPERATIONS)["Outputs"].values() if "Export" in each}
        imported = set(re.findall(r'"Fn::ImportValue": \{"Fn::Sub": "([^"]+)"\}', json.dumps(self.content)))
        self.assertEqual(imported, exported)


class ScheduledStack(Deployed):
    """The schedules as AWS makes them of both templates, and their commands as the program reads them."""

    ENABLED = {"NSPrune": "ENABLED", "NOCMaintain": "ENABLED", "ISCleanup": "ENABLED", "Backup": "ENABLED", "TimeZone": "Europe/Amsterdam",
               "CleanupUndo": "--undo-to=s3://ttich-operations/operations/undo", "BackupTo": "s3://ttich-operations/operations/backup"}

    def setUp(self):
        super().setUp()
        self.outputs = self.make(OperationsBucketName="ttich-operations")
        self.stack("ttich-prod-eu1-ops-schedule", SCHEDULE, {"OpsStackName": STACK, **self.ENABLED})
        scheduler = boto3.client("scheduler")
        self.schedules = [scheduler.get_schedule(Name=each["Name"]) for each in scheduler.list_schedules()["Schedules"]]

    def commands(self):
        for schedule in self.schedules:
            [override] = json.loads(schedule["Target"]["Input"])["containerOverrides"]
            self.assertEqual(override["name"], "ttes")
            yield override["command"]

    def test_they_run_as_the_five_words_say(self):
        definition, cluster, one, two, group = self.outputs["OpsRunTaskArguments"].split(" ")
        self.assertEqual(len(self.schedules), 9)
        for schedule in self.schedules:
            target = schedule["Target"]
            ecs = target["EcsParameters"]
            self.assertEqual(target["Arn"].rsplit("/", 1)[1], cluster)
            self.assertEqual(f"{ecs['TaskDefinitionArn']}:1", definition)
            self.assertEqual(ecs["LaunchType"], "FARGATE")
            self.assertEqual(ecs["NetworkConfiguration"]["awsvpcConfiguration"],
                             {"AssignPublicIp": "DISABLED", "Subnets": [one, two], "SecurityGroups": [group]})

    def test_they_are_the_maintenance_that_there_is_and_what_was_asked_for_is_on(self):
        words = {tuple(command[1:3]) for command in self.commands()}
        self.assertLessEqual({("storage-db", "maintain"), ("noc-db", "maintain"), ("ns-db", "prune"), ("is-db", "cleanup"), ("ns-db", "cleanup"),
                              ("as-db", "cleanup"), ("js-db", "cleanup")}, words)
        on = {" ".join(json.loads(each["Target"]["Input"])["containerOverrides"][0]["command"][1:3]) for each in self.schedules
              if each["State"] == "ENABLED"}
        self.assertEqual(on, {"ns-db prune", "noc-db maintain", "is-db cleanup", "backup s3://ttich-operations/operations/backup/<aws.scheduler.scheduled-time>"})
        self.assertEqual({each["ScheduleExpressionTimezone"] for each in self.schedules}, {"Europe/Amsterdam"})

    def test_their_commands_are_read_back_by_every_form(self):
        for command in self.commands():
            shown = self.program("ecs", "command", "--output=json", "--ecs-arguments", self.outputs["OpsRunTaskArguments"], "--", *command)
            forms = json.loads(shown.stdout)
            self.assertEqual(json.loads(forms["json"]), command)
            for option, text in (("--json", json.dumps(command)), ("--console-line", forms["console"]), ("--call", forms["call"])):
                with Nowhere() as nowhere:
                    done = nowhere.run(PROGRAM, ["ecs", "run", option, text, "--ecs-arguments", self.outputs["OpsRunTaskArguments"]],
                                       AWS_MAX_ATTEMPTS="1")
                # Read and found fit for a task: only AWS is not there.
                self.assertEqual(done.returncode, UNREACHABLE, (option, text, done.stderr))

    @staticmethod
    def program(*words):
        return subprocess.run([PROGRAM, *words], env={"HOME": "/nonexistent"}, capture_output=True, text=True, check=True)


if __name__ == "__main__":
    unittest.main()
