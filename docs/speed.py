"""What `make bench-record` has measured (measured/growth.json), as the page of the guide shows it."""

import json
import sys

import page

RECORD = page.ROOT / "docs/measured/growth.json"
sys.path.append(str(page.ROOT / "bench"))

import plot  # noqa: E402
import points  # noqa: E402


def record():
    return json.loads(RECORD.read_text(encoding="utf-8"))


def drawing(found):
    return "\n".join(["```{raw} html", plot.svg(points.from_json(found["growth"])).rstrip(), "```"])


def table(found):
    """Numbers at the right, as they are compared downwards; commands stand out, as each begins several lines."""
    measured = points.from_json(found["growth"])
    head, *rows = points.table(measured)
    rules = ("---", "---", *["---:"] * (len(head) - 2))
    commands = {point.command for point in measured}
    rows = [(f"**{first}**" if first in commands else first, *others) for first, *others in rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rules, *rows))


def machine(found):
    about = found["about"]
    return (f"Measured on {about['date']} with the program of commit `{about['commit']}`, on a machine with {about['processors']} processors "
            f"({about['processor']}) and {about['memory_gib']} GiB of memory, with PostgreSQL {about['postgresql']} and Redis {about['redis']}. "
            f"Each was run {about['runs']} times: times are medians, memory is the largest. "
            f"The machine's load was {about['load']} when it began.")


PLACES = {"<!-- growth drawing -->": drawing, "<!-- growth table -->": table, "<!-- growth machine -->": machine}


def filled(text):
    """A page's text with what was measured in place of its marks."""
    for mark, show in PLACES.items():
        if mark in text:
            text = text.replace(mark, show(record()))
    return text
