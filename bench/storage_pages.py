"""Reading pages of one device among many messages, and dropping a day of them."""

import json
import re
import statistics

from measure import run
from report import Figure

TITLE = "{messages} messages of {devices} end devices over 30 days"
ROUNDS = 5_000  # messages of each device
PAGE = 1_000
SELECT = """SELECT received_at, id, message FROM storage.messages WHERE tenant_id = '' AND application_id = 'demo-1'
AND device_id = 'device-00100'{beyond} ORDER BY received_at, id LIMIT {limit}"""


def ours(place, *words):
    return run([place.binary, "storage-db", *words], place.environment("storage_pages"))


def milliseconds(place, beyond):
    """Of the statement as the server of the API would give it, its rows sent."""
    file = place.folder / "page.sql"
    select = SELECT.format(beyond=beyond, limit=PAGE) + ";\n"
    file.write_text("\\o /dev/null\n" + select * 3 + "\\timing on\n" + select * 7, encoding="utf-8")
    output = place.bare("storage_pages", file).output
    return statistics.median(float(found) for found in re.findall(r"Time: ([\d.]+) ms", output))


def last_page(place):
    found = place.server.psql("storage_pages", f"""SELECT received_at, id FROM storage.messages WHERE application_id = 'demo-1'
        AND device_id = 'device-00100' ORDER BY received_at DESC, id DESC OFFSET {PAGE} LIMIT 1""")[0]
    time, number = found.split(" | ")
    return f" AND received_at >= '{time}' AND (received_at, id) > ('{time}', {number})"


def drop_days(place):
    """Milliseconds of each step that drops a day."""
    output = ours(place, "retention", "set", "--days", "25", "--yes", "--output", "json").output
    events = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    return [event["milliseconds"] for event in events if event.get("event") == "step" and event["name"].startswith("drop")]


def measure(place):
    devices = max(100, place.scaled(10_000_000) // ROUNDS)
    place.server.create("storage_pages")
    with place.server.hurried():
        ours(place, "init", "--timescaledb.chunk-time-interval", "24h")
        ours(place, "demo", "--applications", "1", "--devices", str(devices), "--gateways", "500", "--days", "30",
             "--interval", f"{30 * 86400 // ROUNDS}s")
        place.server.psql("storage_pages", "VACUUM ANALYZE")
    messages = int(place.server.psql("storage_pages", "SELECT count(*) FROM storage.messages")[0])
    first, last = milliseconds(place, ""), milliseconds(place, last_page(place))
    dropped = drop_days(place)
    place.server.drop("storage_pages")
    return {"messages": f"{messages:,}", "devices": f"{devices:,}"}, [
        Figure(f"first page of {PAGE:,} messages of one device", first, "ms", aim=20),
        Figure("last page, beside the first", last, "ms", bare=first, aim=20, ratio_aim=1.3),
        Figure("dropping a day", max(dropped), "ms", aim=100)]
