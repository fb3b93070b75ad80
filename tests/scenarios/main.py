"""The command line: runs scenario files, or starts and stops the server that a ctest run shares."""

import argparse
import sys
import time
from pathlib import Path

from parse import ScenarioError, parse
from place import POSTGRES_NEEDS, Place
from runner import Runner
from servers import Postgres

ROOT = Path(__file__).resolve().parents[2]


def newest_binary():
    built = sorted(ROOT.glob("build/*/src/tti-lw-stack"), key=lambda path: path.stat().st_mtime)
    if not built:
        sys.exit("no tti-lw-stack is built below build/; build it or name it with --binary")
    return built[-1]


def run_file(path, binary, postgres, keep):
    """Whether the scenario held; what did not is printed as file:line."""
    place, started = None, time.monotonic()
    try:
        scenario = parse(path)
        place = Place(scenario, binary, postgres)
        Runner(scenario, place).run()
        print(f"ok      {path} ({time.monotonic() - started:.1f} s): {scenario.title}", flush=True)
        return True
    except ScenarioError as error:
        print(f"FAILED  {path}:{error.line}: {error}", flush=True)
        return False
    finally:
        if place and keep:
            print(f"kept: {place.kept()}")
        elif place:
            place.take_down()


def scenario_files(paths):
    for path in map(Path, paths):
        yield from sorted(path.rglob("*.scenario")) if path.is_dir() else [path]


def run_files(options):
    files = list(scenario_files(options.paths))
    postgres, own = None, False
    if any(POSTGRES_NEEDS & set(parse_needs(path)) for path in files):
        own = options.server is None
        postgres = Postgres.start() if own else Postgres.load(options.server)
    binary = options.binary or newest_binary()
    try:
        held = [run_file(path, binary, postgres, options.keep) for path in files]
    finally:
        if own and not options.keep:
            postgres.stop()
        elif own:
            print(f"kept: the server in {postgres.folder}; end it with pg_ctl -D {postgres.data} stop")
    return 0 if held and all(held) else 1


def parse_needs(path):
    try:
        return parse(path).needs
    except ScenarioError:
        return []


def start_server(state):
    if Path(state).exists():
        stop_server(state)
    Postgres.start().save(state)


def stop_server(state):
    Postgres.load(state).stop()
    Path(state).unlink()


def main():
    parser = argparse.ArgumentParser(prog="run", description="Runs .scenario files (or folders of them).")
    parser.add_argument("paths", nargs="*", metavar="FILE")
    parser.add_argument("--binary", help="the tti-lw-stack to run; the newest below build/ if not given")
    parser.add_argument("--keep", action="store_true", help="keep folders, databases and the server")
    parser.add_argument("--server", metavar="STATE", help="use the server that --start-server started")
    parser.add_argument("--start-server", metavar="STATE", help="start a PostgreSQL and write its address to this file")
    parser.add_argument("--stop-server", metavar="STATE", help="stop that PostgreSQL and remove its folder")
    options = parser.parse_args()
    if options.start_server:
        return start_server(options.start_server)
    if options.stop_server:
        return stop_server(options.stop_server)
    if not options.paths:
        parser.error("name a scenario file or a folder")
    return run_files(options)


if __name__ == "__main__":
    sys.exit(main())
