"""The command line of docs/build."""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import page
import speed
from reader import ScenarioError, follow
from shown import table

from main import newest_binary
from servers import Postgres

HERE = Path(__file__).resolve().parent
ELSEWHERE = re.compile(r"""<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)=["'](?:https?:)?//""")
# `local up` waits for the disk, and nothing here has to last: where the machine has so much memory as a disk, it is used.
MEMORY, ENOUGH = Path("/dev/shm"), 2 << 30
# A build in a folder that holds something else would remove it.
OWN = {"source", "html", "doctrees"}


def shown_page(path, binary, postgres):
    """The page's Markdown with what its commands printed, and with what stands for its marks."""
    return speed.filled(follow(page.read(path), binary, postgres).replace("<!-- placeholders -->", table()))


def follow_page(path, binary, postgres, source):
    """Whether the page held; what did not is printed as file:line."""
    started = time.monotonic()
    target = source / path.relative_to(page.PAGES)
    try:
        text = shown_page(path, binary, postgres)
    except ScenarioError as error:
        print(f"FAILED  {path}:{error.line}: {error}", flush=True)
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    print(f"ok      {path} ({time.monotonic() - started:.1f} s)", flush=True)
    return True


def length(path):
    """How much there is to run."""
    try:
        return len(page.read(path).scenario.steps)
    except ScenarioError:
        return 0


def follow_pages(paths, binary, source, jobs):
    """The longest first, so that none of them is waited for in the end."""
    postgres = Postgres.start()
    try:
        with ThreadPoolExecutor(jobs) as pool:
            return all(list(pool.map(lambda path: follow_page(path, binary, postgres, source), sorted(paths, key=length, reverse=True))))
    finally:
        postgres.stop()


def write_reference(binary, source):
    """One file for each page that the program has."""
    def reference(*words):
        return subprocess.run([binary, "reference", *words], capture_output=True, text=True, check=True).stdout
    names = json.loads(reference("--output", "json").splitlines()[-1])["pages"]
    folder = source / "reference"
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / f"{name}.md").write_text(reference(name), encoding="utf-8")


def make_html(output):
    """Links that lead nowhere are errors, and so is a page that no list names."""
    program = shutil.which("sphinx-build", path=os.environ.get("PATH", "") + ":/usr/bin")
    if not program:
        sys.exit("sphinx-build is not installed; scripts/install-packages docs installs it")
    done = subprocess.run([program, "-q", "-W", "--keep-going", "-E", "-b", "html", "-c", HERE, "-d", output / "doctrees",
                           output / "source", output / "html"], check=False)
    return done.returncode == 0


def loads_from_elsewhere(html):
    """Whether a page needs anything that is not beside it: the guide is read where there is no network."""
    found = [path for path in sorted(html.rglob("*.html")) if ELSEWHERE.search(path.read_text(encoding="utf-8"))]
    for path in found:
        print(f"FAILED  {path} loads something from elsewhere")
    return bool(found)


def use_memory():
    if os.access(MEMORY, os.W_OK | os.X_OK) and shutil.disk_usage(MEMORY).free >= ENOUGH:
        tempfile.tempdir = str(MEMORY)


def prepare(output):
    if output.exists() and {entry.name for entry in output.iterdir()} - OWN:
        sys.exit(f"{output} holds something else than a guide")
    shutil.rmtree(output, ignore_errors=True)
    source = output / "source"
    source.mkdir(parents=True)
    return source


def main():
    parser = argparse.ArgumentParser(prog="build", description="Runs the commands of the guide and makes HTML of it.")
    parser.add_argument("pages", nargs="*", metavar="PAGE", type=Path, help="run these pages alone, and print them")
    parser.add_argument("--binary", help="the tti-lw-stack to run; the newest below build/ if not given")
    parser.add_argument("--output", type=Path, help="folder to build in")
    parser.add_argument("--jobs", type=int, default=2, help="how many pages are run at once (default: 2)")
    options = parser.parse_args()
    binary = Path(options.binary or newest_binary()).resolve()
    use_memory()
    if options.pages:
        return print_pages(options.pages, binary)
    if not options.output:
        parser.error("--output names the folder to build in")
    source = prepare(options.output.resolve())
    if not follow_pages(page.pages(), binary, source, options.jobs):
        return 1
    write_reference(binary, source)
    html = source.parent / "html"
    if not make_html(source.parent) or loads_from_elsewhere(html):
        return 1
    print(f"the guide is {html / 'index.html'}")
    return 0


def print_pages(paths, binary):
    postgres = Postgres.start()
    try:
        for path in paths:
            print(shown_page(path, binary, postgres))
    except ScenarioError as error:
        print(f"FAILED  {path}:{error.line}: {error}")
        return 1
    finally:
        postgres.stop()
    return 0
