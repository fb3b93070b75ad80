"""What goes wrong in the simulated AWS, as data: refused requests, and how tasks and their logs behave."""

from dataclasses import dataclass, field


@dataclass
class Fault:
    """What happens to requests of one action: after `skip` of them, to the next `times`."""

    action: str  # AWS's name: "DescribeTasks"
    kind: str    # refuse | slow | cut (not carried out) | lose (carried out, and its answer lost)
    times: int = 1
    skip: int = 0
    status: int = 400
    code: str = "ThrottlingException"
    message: str = "Rate exceeded"
    seconds: float = 0

    def __post_init__(self):
        if self.kind not in ("refuse", "slow", "cut", "lose"):
            raise ValueError(f"no kind of fault: {self.kind}")

    def strikes(self, action):
        """Whether this request is one of those. Counts it."""
        if action != self.action or self.times <= 0:
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        self.times -= 1
        return True


@dataclass
class Conduct:
    """How tasks started from now on behave. Times in seconds."""

    provisioning: float = 0.02
    pending: float = 0.02
    start: str = ""               # a key of STARTS: how the task does not start
    stop_timeout: float = 0       # instead of the task definition's
    lost_exit_code: bool = False  # ECS does not know how the command ended
    environment: dict = field(default_factory=dict)  # more variables of the task
    log_delay: float = 0          # until a line is in its stream, also after the task has stopped
    log_piece: int = 0            # most characters of an event: longer lines are cut, as log drivers do
    log_twice: bool = False       # each line is put in twice, as a log driver does that got no answer
    log_page: int = 0             # most events in one answer
    log_overlap: int = 0          # events of the page before that come again, with new ones
    log_gap: int = -1             # index of an event that is given only to who begins anew
    log_empty_pages: bool = False # every other page is empty although there is more


@dataclass(frozen=True)
class Start:
    """How ECS tells of a task that did not start. Source of the texts: Amazon ECS, "Stopped task error messages"."""

    reason: str
    code: str = "TaskFailedToStart"


SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:ttich-prod-eu1-database"
STARTS = {
    "image": Start("CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref "
                   "docker.io/thethingsindustries/lorawan-stack:3.99.0-aws: docker.io/thethingsindustries/lorawan-stack:3.99.0-aws: not found"),
    "secret": Start("ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to "
                    f"retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret {SECRET_ARN} from secrets "
                    "manager: AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/ops-execution/1 is not authorized to "
                    "perform: secretsmanager:GetSecretValue on resource: " + SECRET_ARN),
    "interface": Start("Timeout waiting for network interface provisioning to complete."),
    "network": Start("ResourceInitializationError: unable to pull secrets or registry auth: The task cannot pull registry auth from Amazon "
                     "ECR: There is a connection issue between the task and Amazon ECR. Check your task network configuration. RequestError: "
                     "send request failed caused by: Post \"https://api.ecr.eu-west-1.amazonaws.com/\": dial tcp: i/o timeout"),
    "role": Start("ECS was unable to assume the role 'arn:aws:iam::123456789012:role/ops-task' that was provided for this task. Please "
                  "verify that the role being passed has the proper trust relationship and permissions and that your IAM user has "
                  "permissions to pass this role."),
    "log group": Start("ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create "
                       "Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist. : exit status 1"),
    "program": Start("CannotStartContainerError: ResourceInitializationError: failed to create new container runtime task: failed to create "
                     "shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: \"tti-lw-stack\": "
                     "executable file not found in $PATH: unknown"),
    # Stopped without a word and without an exit code.
    "silent": Start("Essential container in task exited", code="EssentialContainerExited"),
}

CAPACITY = {"arn": "arn:aws:ecs:eu-west-1:123456789012:cluster/ttich-prod-eu1", "reason":
            "Capacity is unavailable at this time. Please try again later or in a different availability zone"}
