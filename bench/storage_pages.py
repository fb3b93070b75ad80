"""Reading pages of one device among many messages, and dropping a day of them."""

import json
import re
import statistics

from measure import run
from report import Figure

TITLE = "{messages} messages of {devices} end devices over 30 days"
ROUNDS = 5_000  # messages of each device
PAGE = 1_000
CHUNK = 86_400  # seconds
# As PageReader (src/storage_integration/pages.cpp) gives it.
SELECT = """SELECT (extract(epoch FROM received_at) * 1000000)::bigint, id, message FROM storage.messages WHERE tenant_id = ''
AND application_id = 'demo-1' AND device_id = 'device-00100'{beyond}{window} ORDER BY received_at, id LIMIT {limit}"""


def ours(place, *words):
    return run([place.binary, "storage-db", *words], place.environment("storage_pages"))


def statements(place, beyond, start):
    """Of one page from `start` on (seconds since 1970): few chunks at a time, until it is full."""
    result, missing, chunks, window = [], PAGE, 4, ""
    while missing > 0:
        start += chunks * CHUNK
        select = SELECT.format(beyond=beyond, window=f"{window} AND received_at < to_timestamp({start})", limit=missing)
        result.append(select)
        missing -= int(place.server.psql("storage_pages", f"SELECT count(*) FROM ({select}) AS page")[0])
        chunks, window = 4 * chunks, f" AND received_at >= to_timestamp({start})"
    return result


def milliseconds(place, beyond, start):
    """Of the statements of a page, planned anew each time, their rows sent."""
    file = place.folder / "page.sql"
    page = statements(place, beyond, start)
    select = "".join(statement + ";\n" for statement in page)
    file.write_text("\\o /dev/null\n" + select * 3 + "\\timing on\n" + select * 7, encoding="utf-8")
    times = [float(found) for found in re.findall(r"Time: ([\d.]+) ms", place.bare("storage_pages", file).output)]
    return statistics.median(sum(times[at:at + len(page)]) for at in range(0, len(times), len(page)))


def first_page(place):
    return "", int(place.server.psql("storage_pages", f"SELECT floor(extract(epoch FROM min(received_at)) / {CHUNK})::bigint * {CHUNK} "
                                                      "FROM storage.messages")[0])


def last_page(place):
    found = place.server.psql("storage_pages", f"""SELECT received_at, id FROM storage.messages WHERE application_id = 'demo-1'
        AND device_id = 'device-00100' ORDER BY received_at DESC, id DESC OFFSET {PAGE} LIMIT 1""")[0]
    time, number = found.split(" | ")
    seconds = place.server.psql("storage_pages", f"SELECT extract(epoch FROM timestamptz '{time}')::bigint")[0]
    return f" AND received_at >= '{time}' AND (received_at, id) > ('{time}', {number})", int(seconds)


def drop_days(place):
    """Milliseconds of each step that drops a day."""
    output = ours(place, "retention", "set", "--days", "25", "--yes", "--output", "json").output
    events = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    return [event["milliseconds"] for event in events if event.get("event") == "step" and event["name"].startswith("drop")]


def measure(place):
    devices = max(100, place.scaled(10_000_000) // ROUNDS)
    place.server.create("storage_pages")
    with place.server.hurried():
        ours(place, "init", "--timescaledb.chunk-time-interval", f"{CHUNK}s")
        ours(place, "demo", "--applications", "1", "--devices", str(devices), "--gateways", "500", "--days", "30",
             "--interval", f"{30 * 86400 // ROUNDS}s")
        place.server.psql("storage_pages", "VACUUM ANALYZE")
    messages = int(place.server.psql("storage_pages", "SELECT count(*) FROM storage.messages")[0])
    first, last = milliseconds(place, *first_page(place)), milliseconds(place, *last_page(place))
    dropped = drop_days(place)
    place.server.drop("storage_pages")
    return {"messages": f"{messages:,}", "devices": f"{devices:,}"}, [
        Figure(f"first page of {PAGE:,} messages of one device", first, "ms", aim=20),
        Figure("last page, beside the first", last, "ms", bare=first, aim=20, ratio_aim=1.3),
        Figure("dropping a day", max(dropped), "ms", aim=100)]
