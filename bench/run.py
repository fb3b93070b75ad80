"""Measures the program beside a bare server. Nothing is asserted: aims that are missed are marked."""

import argparse
import contextlib
import shutil
import sys
import tempfile
from pathlib import Path

import cleanup
import measure
import migrate_empty
import migrate_filled
import noc_queries
import redis_as_migrate
import redis_backup
import redis_cleanup
import redis_prune
import redis_walks
import report
import start_up
import storage_ingest
import storage_pages
import tenants
from place import Place
from server import ROOT, Server

TOPICS = {"start-up": start_up, "migrate-empty": migrate_empty, "migrate-filled": migrate_filled, "cleanup": cleanup,
          "tenants": tenants, "redis-prune": redis_prune, "redis-as-migrate": redis_as_migrate, "redis-walks": redis_walks,
          "redis-cleanup": redis_cleanup, "redis-backup": redis_backup, "storage-ingest": storage_ingest, "storage-pages": storage_pages,
          "noc-queries": noc_queries}


def options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", type=Path, default=ROOT / "build/release/src/tti-lw-stack")
    parser.add_argument("--programs", type=Path, default=ROOT / "build/release/bench",
                        help="the folder of the bench's own programs (TTI_BENCH=ON)")
    parser.add_argument("--only", action="append", choices=TOPICS, metavar="TOPIC",
                        help="of " + ", ".join(TOPICS) + "; may be repeated")
    parser.add_argument("--scale", type=float, default=1.0, help="0.1: a tenth of the rows and tenants")
    parser.add_argument("--runs", type=int, default=3, help="of which the median is told")
    parser.add_argument("--fsync", choices=("on", "off"), default="on", help="whether the server's commits are durable")
    parser.add_argument("--json", type=Path, metavar="FILE", help="the figures, for machines")
    return parser.parse_args()


@contextlib.contextmanager
def place(arguments):
    folder = Path(tempfile.mkdtemp(prefix="tti-bench-"))
    Server.fsync = arguments.fsync
    server = Server.start()
    try:
        where = Place(arguments.binary.resolve(), arguments.programs.resolve(), ROOT / "migrations" / "identity_server", server, folder,
                      arguments.scale, arguments.runs)
        yield where
    finally:
        where.stop()
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def measure_topic(topic, where):
    """Topics whose title tells the amounts return them beside the figures."""
    found = topic.measure(where)
    amounts, figures = found if isinstance(found, tuple) else ({}, found)
    report.print_table(topic.TITLE.format(**amounts), figures)
    return figures


def main():
    arguments = options()
    measure.adopt_orphans()
    topics, failed = {}, False
    with place(arguments) as where:
        for name in arguments.only or TOPICS:
            try:
                topics[name] = measure_topic(TOPICS[name], where)
            except measure.Failed as failure:
                failed = True
                print(f"\n{name}: could not be measured: {failure}", file=sys.stderr)
    if arguments.json:
        report.save_json(arguments.json, topics)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
