"""Measures the program beside a bare server. Nothing is asserted: aims that are missed are marked."""

import argparse
import contextlib
import shutil
import sys
import tempfile
from pathlib import Path

import about
import cleanup
import growth
import measure
import migrate_empty
import migrate_filled
import noc_queries
import plot
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
          "noc-queries": noc_queries, "growth": growth}


def options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", type=Path, default=ROOT / "build/release/src/tti-lw-stack")
    parser.add_argument("--programs", type=Path, default=ROOT / "build/release/bench",
                        help="the folder of the bench's own programs (TTI_BENCH=ON)")
    parser.add_argument("--only", action="append", choices=TOPICS, metavar="TOPIC",
                        help="of " + ", ".join(TOPICS) + "; may be repeated")
    parser.add_argument("--scale", type=float, default=1.0, help="0.1: a tenth of the rows and tenants")
    parser.add_argument("--runs", type=int, default=3, help="of which the median is told")
    parser.add_argument("--sizes", type=sizes, default="10000,100000,1000000", help="amounts that growth is measured of")
    parser.add_argument("--fsync", choices=("on", "off"), default="on", help="whether the server's commits are durable")
    parser.add_argument("--json", type=Path, metavar="FILE", help="the figures, for machines")
    parser.add_argument("--output", type=Path, metavar="FOLDER", help="for figures.json, tables.txt, and growth, drawn: growth.svg")
    return parser.parse_args()


def sizes(text):
    return list(map(int, text.split(",")))


@contextlib.contextmanager
def place(arguments):
    folder = Path(tempfile.mkdtemp(prefix="tti-bench-"))
    Server.fsync = arguments.fsync
    server = Server.start()
    try:
        where = Place(arguments.binary.resolve(), arguments.programs.resolve(), ROOT / "migrations" / "identity_server", server, folder,
                      arguments.scale, arguments.runs, arguments.sizes)
        yield where
    finally:
        where.stop()
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def measure_topic(topic, where):
    """Topics whose title tells the amounts return them beside the figures."""
    found = topic.measure(where)
    amounts, figures = found if isinstance(found, tuple) else ({}, found)
    make_table = getattr(topic, "table", report.table)
    table = "\n".join([topic.TITLE.format(**amounts), *make_table(figures)])
    print("\n" + table, flush=True)
    return figures, table


def save_all(folder, machine, topics, tables):
    folder.mkdir(parents=True, exist_ok=True)
    report.save_json(folder / "figures.json", machine, topics)
    (folder / "tables.txt").write_text("\n\n".join(tables) + "\n", encoding="utf-8")
    if "growth" in topics:
        (folder / "growth.svg").write_text(plot.svg(topics["growth"]), encoding="utf-8")


def main():
    arguments = options()
    measure.adopt_orphans()
    topics, tables, failed = {}, [], False
    with place(arguments) as where:
        machine = about.machine(where)
        for name in arguments.only or TOPICS:
            try:
                topics[name], table = measure_topic(TOPICS[name], where)
                tables.append(table)
            except measure.Failed as failure:
                failed = True
                print(f"\n{name}: could not be measured: {failure}", file=sys.stderr)
    if arguments.json and topics:
        report.save_json(arguments.json, machine, topics)
    if arguments.output and topics:
        save_all(arguments.output, machine, topics, tables)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
