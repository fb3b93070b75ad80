"""Makes a virtual environment of what requirements.txt names, unless it is there already: install.py FOLDER"""

import shutil
import subprocess
import sys
from pathlib import Path

REQUIREMENTS = Path(__file__).resolve().parent / "requirements.txt"
FAILED = ("moto and botocore could not be installed from the package index, so nothing is tested against AWS. "
          "Leave these tests out with: ctest -LE ecs")


def installed(folder):
    done = folder / "installed.txt"
    return done.is_file() and done.read_bytes() == REQUIREMENTS.read_bytes()


def main():
    folder = Path(sys.argv[1])
    if installed(folder):
        return
    shutil.rmtree(folder, ignore_errors=True)
    pip = [folder / "bin/python", "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--retries", "5",
           "--only-binary", ":all:", "--no-deps", "--requirement", REQUIREMENTS]
    for command in ([sys.executable, "-m", "venv", folder], pip):
        if subprocess.run(command, check=False).returncode != 0:
            sys.exit(FAILED)
    shutil.copy(REQUIREMENTS, folder / "installed.txt")


if __name__ == "__main__":
    main()
