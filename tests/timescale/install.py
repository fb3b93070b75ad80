"""Installs what package-lock.json names into a folder, unless it is there already: install.py FOLDER"""

import sys
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

import fetched  # noqa: E402

lists, commands = fetched.npm(HERE)
fetched.once(sys.argv[1], lists, commands, "TimescaleDB could not be fetched with npm, so nothing is tested on it. "
             "Leave these tests out with: ctest -LE timescale")
