"""The HTTP side of the simulated AWS: requests are written down, spoilt as the faults say, and answered by moto."""

import datetime
import io
import json
import re
import socket
import threading
import time
import urllib.parse

from faults import CAPACITY, Conduct, Fault

KEY = re.compile(r"Credential=([^/,]+)/\d+/[^/]+/([^/]+)/")


class Issuer:
    """Gives out credentials, and has those given out so far expire on demand."""

    def __init__(self):
        self.issued, self.expired = {}, set()  # access key -> for whom

    def issue(self, owner):
        number = len(self.issued) + 1
        key = f"ASIASIMULATED{number:04d}"
        self.issued[key] = owner
        expires = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)
        return {"AccessKeyId": key, "SecretAccessKey": f"simulated-secret-key-{number}", "Token": f"simulated-session-token-{number}",
                "Expiration": expires.strftime("%Y-%m-%dT%H:%M:%SZ")}

    def expire(self):
        self.expired.update(self.issued)


class Request:
    def __init__(self, environ):
        self.environ = environ
        self.path, self.method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
        self.body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        found = KEY.search(environ.get("HTTP_AUTHORIZATION", ""))
        self.key, self.service = found.groups() if found else ("", "")
        target = environ.get("HTTP_X_AMZ_TARGET", "")
        form = urllib.parse.parse_qs(self.body.decode(errors="replace")) if not target else {}
        self.action = target.split(".")[-1] or form.get("Action", [f"{self.method} {self.path}"])[0]

    def json(self):
        return json.loads(self.body or b"{}")

    def unread(self):
        """As WSGI hands it on: its body can be read again."""
        return {**self.environ, "wsgi.input": io.BytesIO(self.body)}


class Answer:
    def __init__(self, status, body, headers=(("Content-Type", "application/x-amz-json-1.1"),)):
        self.status, self.body, self.headers = status, body, list(headers)

    @classmethod
    def of(cls, value, status=200):
        return cls(status, json.dumps(value).encode())

    @classmethod
    def problem(cls, status, code, message):
        return cls(status, json.dumps({"__type": code, "message": message}).encode())


class Endpoint:
    """A WSGI application."""

    def __init__(self, moto, tasks, listing):
        self.moto, self.tasks, self.listing = moto, tasks, listing
        self.issuer = Issuer()
        self.lock = threading.Lock()
        self.running = threading.Lock()  # RunTask, one after the other
        self.reset()

    def reset(self):
        self.faults, self.conduct, self.record, self.started = [], Conduct(), [], {}

    def __call__(self, environ, start_response):
        request = Request(environ)
        answer = self.own_pages(request) or self.aws(request)
        if answer is None:
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            raise ConnectionAbortedError("as the test asked for")
        headers = [(name, value) for name, value in answer.headers if name.lower() != "content-length"]
        start_response(f"{answer.status} Simulated", [*headers, ("Content-Length", str(len(answer.body)))])
        return [answer.body]

    # What a task and a person's machine find around them

    def own_pages(self, request):
        parts = request.path.strip("/").split("/")
        if parts[0] == "simulation":
            return self.control(request, "/".join(parts[1:]))
        if parts == ["operator", "credentials"]:
            return Answer.of(self.issuer.issue("operator"))
        if parts[0] in ("task", "v4") and len(parts) > 1:
            return self.of_task(request, *parts)
        return None

    def of_task(self, request, kind, task_id, *rest):
        one = self.tasks.running.get(task_id)
        if not one:
            return Answer.problem(404, "NotFound", task_id)
        if kind == "task":
            if request.environ.get("HTTP_AUTHORIZATION") != one.token:
                return Answer.problem(403, "Forbidden", "wrong authorization token")
            return Answer.of(self.issuer.issue(f"task {task_id}"))
        if rest:
            return Answer.of({"Cluster": one.task.cluster_arn, "TaskARN": one.task.task_arn, "LaunchType": "FARGATE",
                              "DesiredStatus": one.task.desired_status, "KnownStatus": one.task.last_status})
        return Answer.of({"Name": one.container["name"], "Image": one.container["image"], "DesiredStatus": one.task.desired_status})

    # For tests

    def control(self, request, name):
        pages = {"PUT conduct": self.set_conduct, "POST faults": self.add_fault, "POST expire": self.expire, "POST reset": self.start_anew,
                 "GET record": self.recorded, "GET tasks": self.all_tasks}
        with self.lock:
            return Answer.of(pages[f"{request.method} {name}"](request.json()))

    def set_conduct(self, values):
        self.conduct = Conduct(**values)

    def add_fault(self, values):
        self.faults.append(Fault(**values))

    def expire(self, _):
        self.issuer.expire()

    def start_anew(self, _):
        self.tasks.forget_all()
        self.reset()
        self.listing.clear()

    def recorded(self, _):
        return {"requests": self.record, "processes": sorted(self.listing.lines)}

    def all_tasks(self, _):
        return [{"id": one.task.id, "arn": one.task.task_arn, "status": one.task.last_status, "stop_code": getattr(one.task, "stop_code", ""),
                 "exit_code": one.task.containers[0].exitCode, "reason": one.task.stopped_reason, "overrides": one.task.overrides,
                 "started_by": one.task.started_by, "log": one.log.lines, "files": one.files, "pid": one.process.pid if one.process else 0}
                for one in self.tasks.running.values()]

    # AWS

    def aws(self, request):
        entry = {"action": request.action, "service": request.service, "key": request.key, "caller": self.issuer.issued.get(request.key, ""),
                 "path": request.path, "query": request.environ["QUERY_STRING"], "body": request.body.decode(errors="replace"), "status": 0,
                 "answer": ""}
        with self.lock:
            self.record.append(entry)
            fault = next((one for one in self.faults if one.strikes(request.action)), None)
        answer = self.spoilt(request, fault)
        if answer:
            entry.update(status=answer.status, answer=answer.body.decode(errors="replace"))
        return None if fault and fault.kind == "lose" else answer

    def spoilt(self, request, fault):
        if request.key in self.issuer.expired:
            return Answer.problem(400, "ExpiredTokenException", "The security token included in the request is expired")
        if fault and fault.kind == "cut":
            return None
        if fault and fault.kind == "refuse":
            return Answer.problem(fault.status, fault.code, fault.message)
        if fault and fault.kind == "slow":
            time.sleep(fault.seconds)
        special = {"RunTask": self.run_task, "GetLogEvents": self.get_log_events}
        return special.get(request.action, self.pass_on)(request)

    def pass_on(self, request):
        """moto's answer."""
        seen = []

        def start_response(status, headers, _=None):
            seen.extend((int(status.split()[0]), headers))
        parts = self.moto(request.unread(), start_response)
        return Answer(seen[0], b"".join(parts), seen[1])

    def run_task(self, request):
        """With the tokens of clients as ECS keeps them: moto does not look at them."""
        body = request.json()
        token = body.get("clientToken")
        with self.running:
            if token in self.started:
                return self.again(body, *self.started[token])
            if self.conduct.start == "capacity":
                return Answer.of({"tasks": [], "failures": [CAPACITY]})
            self.tasks.conduct = self.conduct
            answer = self.pass_on(request)
            if token and answer.status == 200:
                self.started[token] = (body, answer)
            return answer

    @staticmethod
    def again(body, first_body, first_answer):
        if body == first_body:
            return first_answer
        return Answer.problem(400, "ConflictException", "The RunTask request could not be processed due to conflicts. The provided clientToken "
                                                        "is already in use with a different RunTask request.")

    def get_log_events(self, request):
        """Of a task from its beginning on, as its conduct says. A token is "f/", the index of the next event, and the number of empty pages
        there."""
        body = request.json()
        one = self.tasks.running.get(body.get("logStreamName", "").split("/")[-1])
        stream = one and one.log.stream_in(body.get("logGroupName"))
        if not one or not body.get("startFromHead"):
            return self.pass_on(request)
        if not stream:
            return Answer.problem(400, "ResourceNotFoundException", "The specified log stream does not exist.")
        conduct, events = one.conduct, [event.to_response_dict() for event in list(stream.events)]
        token = body.get("nextToken", "f/0/0")
        begin, empty_pages = map(int, token.split("/")[1:])
        page = []
        if begin < len(events) and (empty_pages or not conduct.log_empty_pages):
            end = min(len(events), begin + (conduct.log_page or len(events)))
            page = list(enumerate(events))[max(begin - conduct.log_overlap, 0):end]
            token = f"f/{end}/0"
        elif begin < len(events):
            token = f"f/{begin}/1"
        hidden = one.log.gap("nextToken" not in body and bool(events))
        return Answer.of({"events": [event for number, event in page if number != hidden], "nextForwardToken": token,
                          "nextBackwardToken": "b/0/0"})
