"""Everything that runs left behind or showed, to be searched for secrets."""

import json
import subprocess

from deployed import DATABASE
from servers import program

# Whose answers hold a secret by their nature.
GIVE_SECRETS = ("GetSecretValue", "GetParameter")


def of_requests(record):
    for number, one in enumerate(record["requests"]):
        name = f"request {number} {one['action']}"
        yield name, " ".join((one["path"], one["query"], one["body"]))
        if one["action"] not in GIVE_SECRETS:
            yield f"answer {number} {one['action']}", one["answer"]


def of_tasks(tasks):
    for one in tasks:
        yield f"override of {one['id']}", json.dumps(one["overrides"])
        yield f"log of {one['id']}", "\n".join(one["log"])
        yield f"files of {one['id']}", json.dumps(one["files"])


def of_databases(deployed):
    """All rows, the journal among them; of Redis what is the program's own."""
    postgres = deployed.postgres
    dump = [program("pg_dump"), "--data-only", "-h", str(postgres.folder), "-p", str(postgres.port), "-U", "stack", DATABASE]
    yield "rows in PostgreSQL", subprocess.run(dump, capture_output=True, text=True, check=True).stdout
    with deployed.redis.client() as client:
        for key in client.scan():
            if b"tti:" in key:
                yield f"key {key.decode()}", repr(client("XRANGE", key, "-", "+") if client("TYPE", key) == b"stream" else client("GET", key))


def of_machine(deployed):
    for path in deployed.folder.rglob("*"):
        if path.is_file():
            yield f"file {path}", path.read_text(encoding="utf-8", errors="replace")


def traces(deployed, said):
    """(where, text) of all; `said` is what commands printed."""
    record = deployed.aws.record()
    return [*of_requests(record), *of_tasks(deployed.aws.tasks()), *of_databases(deployed), *of_machine(deployed),
            ("process list", "\n".join(record["processes"])), *((f"output {number}", text) for number, text in enumerate(said))]


def found(secrets, places):
    """(secret, where) of each that stands anywhere."""
    return [(secret, where) for secret in secrets for where, text in places if secret in text]
