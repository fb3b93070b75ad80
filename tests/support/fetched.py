"""What tests fetch from package registries, as test dependencies only: once for each folder and list of versions."""

import shutil
import subprocess
import sys
from pathlib import Path


def once(folder, lists, commands, failed):
    """Runs the commands in the folder, unless that was done for the same lists; where one fails, `failed` says what now."""
    folder = Path(folder)
    wanted = b"".join(one.read_bytes() for one in lists)
    done = folder / "installed"
    if done.is_file() and done.read_bytes() == wanted:
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for command in commands:
        if subprocess.run(list(map(str, command)), cwd=folder, check=False).returncode != 0:
            sys.exit(failed)
    done.write_bytes(wanted)


def npm(here):
    """What package-lock.json in `here` names, into node_modules of the folder; no script of a package is run."""
    names = [here / "package.json", here / "package-lock.json"]
    return names, [["cp", *names, "."], ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]]
