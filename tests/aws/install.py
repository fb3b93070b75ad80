"""Makes a virtual environment of what requirements.txt names, unless it is there already: install.py FOLDER"""

import sys
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

import fetched  # noqa: E402

REQUIREMENTS = HERE / "requirements.txt"
PIP = ["bin/python", "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--retries", "5", "--only-binary", ":all:",
       "--no-deps", "--requirement", REQUIREMENTS]
fetched.once(sys.argv[1], [REQUIREMENTS], [[sys.executable, "-m", "venv", "."], PIP],
             "moto and botocore could not be installed from the package index, so nothing is tested against AWS. "
             "Leave these tests out with: ctest -LE ecs")
