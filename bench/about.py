"""What was measured, on what, and when."""

import datetime
import os
import re
import subprocess
from pathlib import Path

from server import ROOT


def machine(place):
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {"commit": commit(), "date": datetime.datetime.now(datetime.timezone.utc).date().isoformat(),
            "processors": os.cpu_count(), "processor": processor(), "memory_gib": round(memory / (1 << 30)),
            "load": round(os.getloadavg()[0], 1),  # processes that ran or waited in the minute before
            "postgresql": place.server.psql("postgres", "SHOW server_version")[0].split()[0], "redis": redis_version(), "runs": place.runs}


def commit():
    """Of the tree, with a mark if something in it is not committed; empty outside git."""
    done = subprocess.run(["git", "-C", ROOT, "describe", "--always", "--abbrev=12", "--dirty=+"], capture_output=True, text=True, check=False)
    return done.stdout.strip()


def processor():
    found = re.search(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    return found[1] if found else os.uname().machine


def redis_version():
    told = subprocess.run(["redis-server", "--version"], capture_output=True, text=True, check=True).stdout
    return re.search(r"v=(\S+)", told)[1]
