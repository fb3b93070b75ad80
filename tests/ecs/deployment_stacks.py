"""The CloudFormation stacks of a deployment, as far as tasks for database operations need them."""

import json

ACCOUNT, REGION = "123456789012", "eu-west-1"
PREFIX = "ttich-prod-eu1"
LOG_GROUP, STREAM_PREFIX, FAMILY = f"/ttes/{PREFIX}/ops", "ops", f"{PREFIX}-ops"

TRUST = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}]}


def template(resources, outputs, parameters=()):
    return {"AWSTemplateFormatVersion": "2010-09-09", "Parameters": {name: {"Type": "String"} for name in parameters}, "Resources": resources,
            "Outputs": {name: {"Value": value} for name, value in {"VersionTag": "3.36.0", **outputs}.items()}}


def resource(kind, **properties):
    return {"Type": f"AWS::{kind}", "Properties": properties}


def ref(name):
    return {"Ref": name}


def role(name, *actions):
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": "*"}]}
    return resource("IAM::Role", RoleName=name, AssumeRolePolicyDocument=TRUST, Policies=[{"PolicyName": name, "PolicyDocument": policy}])


VPC = template(
    {"Network": resource("EC2::VPC", CidrBlock="10.0.0.0/16"),
     "SubnetOne": resource("EC2::Subnet", VpcId=ref("Network"), CidrBlock="10.0.1.0/24", AvailabilityZone=f"{REGION}a"),
     "SubnetTwo": resource("EC2::Subnet", VpcId=ref("Network"), CidrBlock="10.0.2.0/24", AvailabilityZone=f"{REGION}b"),
     "Group": resource("EC2::SecurityGroup", VpcId=ref("Network"), GroupDescription="databases")},
    {"Network": ref("Network"), "SubnetOne": ref("SubnetOne"), "SubnetTwo": ref("SubnetTwo"), "Group": {"Fn::GetAtt": ["Group", "GroupId"]}})

CLUSTER = template({"Cluster": resource("ECS::Cluster", ClusterName=PREFIX)}, {"Cluster": ref("Cluster")})

OPERATIONS = template(
    {"Log": resource("Logs::LogGroup", LogGroupName=LOG_GROUP, RetentionInDays=30),
     "TaskRole": role("ops-task", "secretsmanager:GetSecretValue", "ssm:GetParameter"),
     "ExecutionRole": role("ops-execution", "secretsmanager:GetSecretValue", "ssm:GetParameters", "logs:CreateLogStream", "logs:PutLogEvents")},
    {"OpsRunTaskArguments": {"Fn::Join": [" ", [ref(name) for name in ("Definition", "Cluster", "SubnetOne", "SubnetTwo", "Group")]]}},
    ("Definition", "Cluster", "SubnetOne", "SubnetTwo", "Group"))


def parameters(values):
    return template({f"Parameter{number}": resource("SSM::Parameter", Name=name, Type="String", Value=text)
                     for number, (name, text) in enumerate(values.items())}, {})


def task_definition(settings, secrets):
    """By ECS itself: moto's CloudFormation loses roles and launch type. `secrets`: name -> ARN."""
    container = {"name": "ttes", "image": "thethingsindustries/lorawan-stack:3.36.0-aws", "cpu": 256, "memory": 512, "essential": True,
                 "command": ["tti-lw-stack", "version"], "stopTimeout": 30,
                 "environment": [{"name": name, "value": value} for name, value in settings.get("environment", {}).items()],
                 "secrets": [{"name": name, "valueFrom": secrets[of]} for name, of in settings.get("task_secrets", {}).items()],
                 "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": LOG_GROUP, "awslogs-region": REGION,
                                                                          "awslogs-stream-prefix": STREAM_PREFIX}}}
    return {"family": FAMILY, "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "256", "memory": "512",
            "taskRoleArn": f"arn:aws:iam::{ACCOUNT}:role/ops-task", "executionRoleArn": f"arn:aws:iam::{ACCOUNT}:role/ops-execution",
            "containerDefinitions": [container]}


def deploy(client, settings):
    """`client(name)` makes a client of a service. The value of OpsRunTaskArguments."""
    cloudformation = client("cloudformation")

    def stack(name, body, **values):
        cloudformation.create_stack(StackName=f"{PREFIX}-{name}", TemplateBody=json.dumps(body), Capabilities=["CAPABILITY_NAMED_IAM"],
                                    Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in values.items()])
        found = cloudformation.describe_stacks(StackName=f"{PREFIX}-{name}")["Stacks"][0]
        return {output["OutputKey"]: output["OutputValue"] for output in found["Outputs"]}
    network = stack("1-1-vpc", VPC)
    # moto's CloudFormation leaves it out, and its tasks need it.
    client("ec2").modify_vpc_attribute(VpcId=network["Network"], EnableDnsHostnames={"Value": True})
    # By Secrets Manager itself: moto's CloudFormation knows none.
    secrets = {name: client("secretsmanager").create_secret(Name=f"{PREFIX}-{name}", SecretString=text)["ARN"]
               for name, text in settings.get("secrets", {}).items()}
    stack("4-1-secrets", template({}, {}))
    for name, text in settings.get("secure_parameters", {}).items():
        client("ssm").put_parameter(Name=name, Value=text, Type="SecureString")
    if settings.get("parameters"):
        stack("4-2a-configuration", parameters(settings["parameters"]))
    cluster = stack("5-1-ecs-cluster", CLUSTER)["Cluster"]
    definition = client("ecs").register_task_definition(**task_definition(settings, secrets))["taskDefinition"]["taskDefinitionArn"]
    where = {name: network[name] for name in ("SubnetOne", "SubnetTwo", "Group")}
    return stack("5-2-ecs-ops", OPERATIONS, Definition=definition, Cluster=cluster, **where)["OpsRunTaskArguments"]
