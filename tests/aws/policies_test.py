"""The policies allow the calls to AWS that src/aws makes, and nothing else."""

import json
import re
import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True

ROOT = Path(__file__).resolve().parents[2]
POLICIES = ROOT / "deploy" / "policies"
SOURCES = ROOT / "src" / "aws"

# Prefixes of the JSON protocol, and the files whose calls are of the query protocol, as services.
TARGETS = {"Logs_20140328": "logs", "secretsmanager": "secretsmanager", "AmazonSSM": "ssm"}
QUERY_FILES = ("cloudformation", "ec2", "iam", "sts")
PROTOCOLS = ("json_protocol.cpp", "query_protocol.cpp")

# Asked for with no policy of ours: who calls may be asked by everybody, and roles are assumed by the profile that names them.
NEEDS_NO_POLICY = {"sts:GetCallerIdentity", "sts:AssumeRole", "sts:AssumeRoleWithWebIdentity"}
# No calls, and needed by others: RunTask hands on roles, and what is encrypted is read and written by a key.
COMES_WITH = {"iam:PassRole": "ecs:RunTask", "kms:Decrypt": "s3:GetObject", "kms:GenerateDataKey": "s3:PutObject"}
# AWS knows no resource for them, or only all. Source: Service Authorization Reference.
HAVE_NO_RESOURCE = {"ecs:ListTasks", "ecs:DescribeTaskDefinition", "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets",
                    "logs:DescribeLogGroups", "ssm:DescribeParameters"}

# A call, and the operation that it names.
CALLS = [
    (r"\bjson_call\(", r'\bjson_call\(\w+, (?:target\("(?P<ecs>\w+)"\)|"(?P<prefix>\w+)\.(?P<json>\w+)")'),
    (r"\bquery_call\(", r'\bquery_call\(\w+, "(?P<query>\w+)"'),
    (r"\bcall\(\{", r'\bcall\(\{[^}]*?"(?P<s3>s3:[^"]+)"\}'),
]


def actions_of(path):
    """The permissions that the calls in a file need; a call that cannot be read is an error."""
    text = re.sub(r"//[^\n]*", "", path.read_text(encoding="utf-8"))
    found = set()
    for beginning, whole in CALLS:
        matches = list(re.finditer(whole, text))
        if len(matches) != len(re.findall(beginning, text)):
            raise AssertionError(f"{path.name}: a call does not name its operation: {beginning}")
        for match in matches:
            found |= actions_in(path, {name: value for name, value in match.groupdict().items() if value})
    return found


def actions_in(path, match):
    if "ecs" in match:
        return {"ecs:" + match["ecs"]}
    if "json" in match:
        return {f"{TARGETS[match['prefix']]}:{match['json']}"}
    if "query" in match:
        assert path.stem in QUERY_FILES, path.name
        return {f"{path.stem}:{match['query']}"}
    return set(re.findall(r"s3:\w+", match["s3"]))


def actions_in_code():
    files = [path for path in SOURCES.glob("*.cpp") if path.name not in PROTOCOLS]
    return set().union(*(actions_of(path) for path in files))


def listed(value):
    return value if isinstance(value, list) else [value]


def statements():
    for path in sorted(POLICIES.glob("*.json")):
        policy = json.loads(path.read_text(encoding="utf-8"))
        assert policy["Version"] == "2012-10-17", path.name
        for statement in policy["Statement"]:
            yield path.name, statement


def actions_in_policies():
    return {action for _, statement in statements() for action in listed(statement["Action"])}


class Policies(unittest.TestCase):
    def test_every_call_is_allowed(self):
        self.assertEqual(actions_in_code() - NEEDS_NO_POLICY - actions_in_policies(), set())

    def test_nothing_else_is_allowed(self):
        unused = actions_in_policies() - actions_in_code()
        self.assertEqual(unused, set(COMES_WITH))
        self.assertLessEqual(set(COMES_WITH.values()), actions_in_code())

    def test_what_needs_no_policy_is_called(self):
        self.assertLessEqual(NEEDS_NO_POLICY, actions_in_code())

    def test_statements_name_resources(self):
        for name, statement in statements():
            with self.subTest(f"{name} {statement['Sid']}"):
                self.assertEqual(statement["Effect"], "Allow")
                self.assertFalse([action for action in listed(statement["Action"]) if "*" in action])
                if "*" in listed(statement["Resource"]):
                    self.assertLessEqual(set(listed(statement["Action"])), HAVE_NO_RESOURCE)

    def test_statements_are_told_apart(self):
        sids = [(name, statement["Sid"]) for name, statement in statements()]
        self.assertEqual(len(sids), len(set(sids)))

    def test_what_verify_asks_about_the_operator_stands_in_the_policy(self):
        text = (ROOT / "src/ecs/permissions.cpp").read_text(encoding="utf-8")
        operator = text[text.index("needed_by_operator(const Things& things) {"):text.index("needed_by_execution_role(const Things& things) {")]
        asked = set(re.findall(r'"(\w+:[A-Z]\w+)"', operator)) - {"iam:PassedToService"}
        self.assertGreater(len(asked), 5)
        allowed = {action for name, statement in statements() if name == "operator.json" for action in listed(statement["Action"])}
        self.assertLessEqual(asked, allowed)


class Reading(unittest.TestCase):
    """The comparison is worth nothing where calls are not seen."""

    def test_known_calls_are_seen(self):
        self.assertLessEqual({"ecs:RunTask", "logs:GetLogEvents", "secretsmanager:GetSecretValue", "ssm:GetParameter", "iam:GetRole",
                              "cloudformation:DescribeStacks", "ec2:DescribeSubnets", "sts:AssumeRole", "s3:ListBucket",
                              "s3:AbortMultipartUpload", "s3:GetObject"}, actions_in_code())

    def test_a_call_that_names_nothing_is_an_error(self):
        with self.assertRaises(AssertionError):
            actions_of(Odd("json_call(ecs, somewhere, {});"))

    def test_comments_are_no_calls(self):
        self.assertEqual(actions_of(Odd('// json_call(ecs, target("DeleteCluster"), {})')), set())


class Odd:
    """A file that is not there."""
    name, stem = "ecs.cpp", "ecs"

    def __init__(self, text):
        self.text = text

    def read_text(self, encoding):
        assert encoding
        return self.text


if __name__ == "__main__":
    unittest.main()
