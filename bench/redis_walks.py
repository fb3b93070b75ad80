"""js-db migrate and the purges, beside SCAN and a pipelined UNLINK of the same keys."""

import redis_records as records
from measure import Failed
from redis_server import resp
from side import Work, figures_beside

TITLE = "walks of {keys} keys that remove them (bare: SCAN, and UNLINK over one connection)"
RATIO = 1.5
MEMORY = 32


def measure(place):
    count = place.scaled(1_000_000)
    figures = []
    for works in (purges, session_keys):
        for work in works(place, count):
            # An undo file is every key read, written and synced besides.
            ratio = None if work.name.endswith(", undo file") else RATIO
            figures += figures_beside(work.name, *work.run(place.runs), ratio, MEMORY)
    return {"keys": f"{count:,}"}, figures


def walks(place, pattern, fill, going, commands):
    """`going` makes the keys that go, in the order in which the bare server removes them."""
    redis = place.redis()
    redis.fill(fill)
    redis.keep("walk")
    unlinks = place.folder / "unlinks"
    with open(unlinks, "wb") as file:
        file.writelines(resp("UNLINK", key) for key in going())
    *_, last = going()

    def check():
        if redis.ask("EXISTS", next(going()), last) != "0":
            raise Failed("keys are left")
    for name, words in commands.items():
        yield Work(name, redis, before=lambda: redis.recall("walk"), bare=lambda: redis.scan(pattern) + redis.pipe(unlinks),
                   ours=lambda words=words: place.ours_redis(*words), checks=[check])


def purges(place, count):
    def going():
        return (f"{records.NAME_SPACE}as:applicationups:uid:{records.uid(number)}" for number in range(count))
    return walks(place, f"{records.NAME_SPACE}as:applicationups:*", records.purged_lists(count), going,
                 {"as-db purge, undo file": ("as-db", "purge", "--yes", "--undo-to", place.folder / "undo"),
                  "as-db purge, no undo file": ("as-db", "purge", "--yes", "--no-undo")})


def session_keys(place, count):
    """Pairs of twelve keys, of which ten may stay; a tenth of the pairs has no device."""
    pairs, each, kept = max(1, count // 12), 12, 10
    orphans = pairs // 10

    def going():
        for pair in range(pairs):
            euis = f"{1:016X}:{pair:016X}"
            for number in range(each if pair < orphans else each - kept):
                identifier = (1_600_000_000_000 + number).to_bytes(6, "big") + pair.to_bytes(10, "big")
                yield f"{records.NAME_SPACE}js:keys:id:{euis}:{records.text(identifier).decode()}"
    return walks(place, f"{records.NAME_SPACE}js:keys:*", records.js_session_keys(pairs, each, orphans), going,
                 {"js-db migrate": ("js-db", "migrate")})
