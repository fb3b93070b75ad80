"""A deployment on the simulated AWS of tests/ecs, for pages that need it: its tasks have the databases, the reader's machine has not."""

import importlib.util
import sys

from page import ROOT

DATABASES = ("TTN_LW_IS_DATABASE_URI", "TTN_LW_REDIS_ADDRESS", "TTN_LW_REDIS_PASSWORD")
CLIENT = '{"client_id": "%s-eu1", "client_secret": "%s-client-secret"}'
PASSWORD = "Correct-Horse-7"


class Deployment:
    """`environment`: a reader's, which it takes the databases out of."""

    def __init__(self, binary, environment):
        if importlib.util.find_spec("moto") is None:
            raise RuntimeError("AWS is simulated by moto, which is not here: run docs/build by the Python that tests/aws/install.py makes")
        sys.path.insert(0, str(ROOT / "tests/ecs"))
        from simulated_aws import SimulatedAws
        uri, address, password = (environment.pop(name) for name in DATABASES)
        self.secrets = [PASSWORD, "console-client-secret", "noc-client-secret"]
        secrets = {f"{name}-oauth-client": CLIENT % (name, name) for name in ("console", "noc")}
        self.aws = SimulatedAws(
            str(binary), environment={"TTN_LW_REDIS_ADDRESS": address}, secrets={**secrets, "database": uri, "redis": password},
            task_secrets={"TTN_LW_IS_DATABASE_URI": "database", "TTN_LW_REDIS_PASSWORD": "redis"},
            secure_parameters={"/ttich/prod/eu1/admin-password": PASSWORD})
        environment |= self.aws.operator()

    def stop(self):
        self.aws.stop()
