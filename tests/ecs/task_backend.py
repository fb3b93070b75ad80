"""The tasks of moto's ECS as processes: the command of a task's override is run, its lines go into moto's log, its end into the task."""

import datetime
import os
import secrets
import signal
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from faults import STARTS
from moto.ecs.exceptions import InvalidParameterException

CONTAINER = "ttes"


def now():
    return datetime.datetime.now(datetime.timezone.utc)


class LogDriver:
    """Puts the lines of a container into its stream."""

    def __init__(self, backend, group, stream, conduct):
        self.backend, self.group, self.stream, self.conduct = backend, group, stream, conduct
        self.lock = threading.Lock()
        self.waiting, self.lines = [], []
        self.beginnings = 0  # how often somebody began to read

    def put(self, line):
        if not line:  # is no event of CloudWatch Logs
            return
        size = self.conduct.log_piece or len(line)
        pieces = [line[begin:begin + size] for begin in range(0, len(line), size)]
        events = [{"timestamp": int(time.time() * 1000), "message": piece} for piece in pieces]
        with self.lock:
            self.lines.append(line)
            if self.conduct.log_delay:
                self.waiting += events
            else:
                self.deliver(events)

    def stream_in(self, group):
        """moto's; nothing before the first line has come."""
        return self.backend.groups[self.group].streams.get(self.stream) if group == self.group else None

    def gap(self, begins):
        """The index of the event whose place was passed when it came; -1 for who begins anew, and finds it."""
        with self.lock:
            self.beginnings += begins
            return self.conduct.log_gap if self.beginnings < 2 else -1

    def deliver(self, events):
        if not self.stream_in(self.group):
            self.backend.create_log_stream(self.group, self.stream)
        for _ in range(2 if self.conduct.log_twice else 1):
            self.backend.put_log_events(self.group, self.stream, events)

    def deliver_late(self, ended):
        """Until `ended`, and then what is left."""
        while not ended.is_set() or self.waiting:
            time.sleep(0.02)
            due = (time.time() - self.conduct.log_delay) * 1000
            with self.lock:
                events = [event for event in self.waiting if event["timestamp"] <= due]
                self.waiting = [event for event in self.waiting if event["timestamp"] > due]
                if events:
                    self.deliver(events)


class RunningTask:
    """One task, from PROVISIONING to STOPPED, in a thread of its own."""

    def __init__(self, task, definition, conduct, settings):
        self.task, self.conduct, self.settings = task, conduct, settings
        self.container = next(one for one in definition.container_definitions if one["name"] == CONTAINER)
        override = next((one for one in task.overrides.get("containerOverrides", []) if one["name"] == CONTAINER), {})
        self.command = override.get("command", self.container.get("command", []))
        self.override_environment = override.get("environment", [])
        self.token = secrets.token_hex(16)  # of the credentials endpoint
        self.asked_to_stop, self.ended = threading.Event(), threading.Event()
        self.process, self.terminated = None, threading.Lock()
        self.files = {}  # that the command left in its folder
        options = self.container["logConfiguration"]["options"]
        stream = f"{options['awslogs-stream-prefix']}/{CONTAINER}/{task.id}"
        self.log = LogDriver(settings.logs, options["awslogs-group"], stream, conduct)
        task.last_status = task.containers[0].last_status = "PROVISIONING"
        task.containers[0].exitCode = None
        task.created_at = now()
        self.thread = threading.Thread(target=self.live, daemon=True)

    def live(self):
        try:
            self.run()
        except Exception as error:  # a test shall see it in the task
            self.stopped("SimulationFailed", f"{type(error).__name__}: {error}")
            raise

    def run(self):
        start = STARTS.get(self.conduct.start)
        self.asked_to_stop.wait(self.conduct.provisioning)
        self.state("PENDING")
        self.asked_to_stop.wait(self.conduct.pending)
        if start:
            self.stopped(start.code, start.reason)
        elif self.asked_to_stop.is_set():
            self.stopped("UserInitiated", self.task.stopped_reason)
        elif self.command[:1] != ["tti-lw-stack"]:
            self.stopped(STARTS["program"].code, STARTS["program"].reason.replace("tti-lw-stack", self.command[0]))
        else:
            self.execute()

    def state(self, name):
        self.task.last_status = self.task.containers[0].last_status = name

    def stopped(self, code, reason, exit_code=None):
        task, container = self.task, self.task.containers[0]
        task.stop_code, task.stopped_reason, task.desired_status = code, reason, "STOPPED"
        container.exitCode, task.stopped_at = exit_code, now()
        self.state("STOPPED")
        self.ended.set()

    def environment(self):
        """What a container gets, and nothing of this process."""
        own = f"{self.settings.url}/task/{self.task.id}"
        return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8",
                "AWS_ENDPOINT_URL": self.settings.url, "AWS_REGION": self.settings.region, "AWS_DEFAULT_REGION": self.settings.region,
                "AWS_EXECUTION_ENV": "AWS_ECS_FARGATE", "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{own}/credentials",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN": self.token, "ECS_CONTAINER_METADATA_URI_V4": f"{self.settings.url}/v4/{self.task.id}",
                **{one["name"]: one["value"] for one in self.container.get("environment", [])},
                **{one["name"]: self.settings.secret_value(one["valueFrom"]) for one in self.container.get("secrets", [])},
                **{one["name"]: one["value"] for one in self.override_environment}, **self.conduct.environment}

    def execute(self):
        with tempfile.TemporaryDirectory(prefix="tti-task-") as folder:
            os.chmod(folder, 0o755)  # throw-away servers run as another user
            self.process = subprocess.Popen([self.settings.program, *self.command[1:]], env=self.environment(), cwd=folder,
                                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
            self.task.started_at = now()
            self.state("RUNNING")
            pumps = [threading.Thread(target=self.pump, args=(stream,), daemon=True) for stream in (self.process.stdout, self.process.stderr)]
            if self.conduct.log_delay:
                threading.Thread(target=self.log.deliver_late, args=(self.ended,), daemon=True).start()
            for pump in pumps:
                pump.start()
            if self.asked_to_stop.is_set():
                self.terminate()
            code = self.process.wait()
            self.signal(signal.SIGKILL)  # a container ends with its first process
            for pump in pumps:
                pump.join()
            self.files = {path.name: path.read_text(errors="replace") for path in Path(folder).rglob("*") if path.is_file()}
        # A container's end by a signal is told as a shell tells it.
        self.finish(code if code >= 0 else 128 - code)

    def finish(self, code):
        if self.conduct.lost_exit_code:
            self.stopped("TerminationNotice", "Task stopped: the underlying host is being retired")
        elif self.asked_to_stop.is_set():
            self.stopped("UserInitiated", self.task.stopped_reason, code)
        else:
            self.stopped("EssentialContainerExited", "Essential container in task exited", code)

    def pump(self, stream):
        with stream:
            for line in stream:
                self.log.put(line.decode(errors="replace").rstrip("\n"))

    def stop(self, reason):
        self.task.desired_status, self.task.stopped_reason, self.task.stop_code = "STOPPED", reason, "UserInitiated"
        self.asked_to_stop.set()
        if self.process:
            self.terminate()

    def terminate(self):
        """SIGTERM once, and SIGKILL when the stop time-out has passed."""
        if not self.terminated.acquire(blocking=False):
            return
        self.signal(signal.SIGTERM)
        limit = self.conduct.stop_timeout or self.container.get("stopTimeout", 30)

        def kill():
            if not self.ended.wait(limit):
                self.signal(signal.SIGKILL)
        threading.Thread(target=kill, daemon=True).start()

    def signal(self, number):
        """To all processes of the container."""
        try:
            if self.process:
                os.killpg(self.process.pid, number)
        except ProcessLookupError:
            pass


class TaskBackend:
    """Stands in moto's ECS where that only keeps records."""

    def __init__(self, ecs, settings):
        self.ecs, self.settings = ecs, settings
        self.running = {}  # by the task's ID
        self.conduct = None  # of the tasks that are started next
        self.run_records = ecs.run_task
        ecs.run_task, ecs.stop_task = self.run_task, self.stop_task

    def run_task(self, *arguments):
        tasks = self.run_records(*arguments)
        for task in tasks:
            one = RunningTask(task, self.ecs.describe_task_definition(task.task_definition_arn), self.conduct, self.settings)
            self.running[task.id] = one
            one.thread.start()
        return tasks

    def stop_task(self, cluster, task, reason):
        known = self.ecs.describe_tasks(cluster, [task])
        if not known:
            raise InvalidParameterException("The referenced task was not found.")
        one = self.running[known[0].id]
        if not one.ended.is_set():
            one.stop(reason or "Task stopped by user")
        return known[0]

    def forget_all(self):
        for one in self.running.values():
            one.asked_to_stop.set()
            one.signal(signal.SIGKILL)
        for one in self.running.values():
            one.thread.join()
        self.running.clear()
        self.ecs.tasks.clear()
