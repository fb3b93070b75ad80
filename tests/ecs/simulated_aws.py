"""A simulated AWS that really runs the commands of tasks as processes.

As a program: simulated_aws.py PROGRAM reads a line of JSON with `environment` of the task, `secrets` (name after the prefix -> text),
`task_secrets` (variable -> name), `parameters` and `secure_parameters` (name -> text). It prints a line of JSON when it is ready, and ends
with its standard input.
As a module: SimulatedAws starts that, and says what shall go wrong.
"""

import json
import logging
import os
import subprocess
import sys
import threading
import types
import urllib.request

sys.dont_write_bytecode = True

from deployment_stacks import ACCOUNT, PREFIX, REGION, deploy  # noqa: E402


class SimulatedAws:
    def __init__(self, program, **settings):
        self.process = subprocess.Popen([sys.executable, __file__, str(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        # Not as an argument: process lists are searched for the secrets in it.
        self.process.stdin.write(json.dumps(settings) + "\n")
        self.process.stdin.flush()
        ready = self.process.stdout.readline()
        if not ready:
            raise RuntimeError(f"the simulated AWS did not start: exit {self.process.wait()}")
        ready = json.loads(ready)
        self.url, self.arguments, self.stack = ready["url"], ready["arguments"], f"{PREFIX}-5-2-ecs-ops"

    def stop(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(60)

    def ask(self, method, page, value=None):
        body = json.dumps(value).encode() if value is not None else None
        with urllib.request.urlopen(urllib.request.Request(f"{self.url}/{page}", data=body, method=method), timeout=30) as answer:
            return json.load(answer)

    def credentials(self):
        """New ones, as the endpoint of operator() gives them."""
        return self.ask("GET", "operator/credentials")

    def operator(self):
        """Variables of a person's machine, whose credentials come from an endpoint and can expire."""
        return {"AWS_ENDPOINT_URL": self.url, "AWS_REGION": REGION, "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{self.url}/operator/credentials"}

    def reset(self):
        """No faults, nothing recorded, no task running."""
        self.ask("POST", "simulation/reset", {})

    def conduct(self, **values):
        self.ask("PUT", "simulation/conduct", values)

    def fault(self, action, kind, **values):
        self.ask("POST", "simulation/faults", {"action": action, "kind": kind, **values})

    def expire_credentials(self):
        self.ask("POST", "simulation/expire", {})

    def tasks(self):
        return self.ask("GET", "simulation/tasks")

    def record(self):
        """`requests` with bodies and answers, and `processes`, all command lines that were seen while tasks ran."""
        return self.ask("GET", "simulation/record")


def secret_value(arn):
    """What ECS puts into a variable of the task: a secret, or a field of it (arn:…:secret:NAME:FIELD::)."""
    from moto.secretsmanager import secretsmanager_backends
    *secret, field = (arn.split(":") + [""])[:8]
    text = secretsmanager_backends[ACCOUNT][REGION].get_secret_value(":".join(secret), "", "AWSCURRENT")["SecretString"]
    return json.loads(text)[field] if field else text


def serve(program, settings):
    import boto3
    from moto.ecs import ecs_backends
    from moto.logs import logs_backends
    from moto.moto_api import state_manager
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
    from werkzeug.serving import make_server

    from listing import Listing
    from simulated_endpoint import Endpoint
    from task_backend import TaskBackend

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    state_manager.set_transition("ecs::task", {"progression": "manual", "times": sys.maxsize})  # the processes set the states
    surroundings = types.SimpleNamespace(program=program, region=REGION, url="", logs=logs_backends[ACCOUNT][REGION], secret_value=secret_value)
    tasks = TaskBackend(ecs_backends[ACCOUNT][REGION], surroundings)
    listing = Listing(lambda: any(not one.ended.is_set() for one in list(tasks.running.values())), os.getppid())
    endpoint = Endpoint(DomainDispatcherApplication(create_backend_app), tasks, listing)
    server = make_server("127.0.0.1", 0, endpoint, threaded=True, request_handler=MotoRequestHandler)
    surroundings.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def client(name):
        return boto3.client(name, endpoint_url=surroundings.url, region_name=REGION, aws_access_key_id="set-up", aws_secret_access_key="set-up")
    arguments = deploy(client, settings)
    endpoint.reset()
    print(json.dumps({"url": surroundings.url, "arguments": arguments}), flush=True)
    sys.stdin.read()
    tasks.forget_all()


if __name__ == "__main__":
    serve(sys.argv[1], json.loads(sys.stdin.readline()))
