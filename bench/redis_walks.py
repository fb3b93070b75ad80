"""js-db migrate and the purges, beside SCAN and a pipelined UNLINK of the same keys."""

import redis_records as records
from measure import Failed
from redis_server import resp
from redis_side import Side, figures_beside

TITLE = "walks of {keys} keys that remove them (bare: SCAN, and UNLINK over one connection)"
RATIO = 1.5
MEMORY = 32


def measure(place):
    count = place.scaled(1_000_000)
    redis = place.redis()
    figures = []
    for case in (purge_case(count, place.folder), session_key_case(count)):
        redis.ask("FLUSHALL")
        redis.fill(case.fill())
        redis.keep("walk")
        unlinks = place.folder / "unlinks"
        with open(unlinks, "wb") as file:
            file.writelines(resp("UNLINK", key) for key in case.going())
        for name, words in case.commands.items():
            ours, bare = Side(), Side()
            for _ in range(place.runs):
                redis.recall("walk")
                bare.add(redis, lambda: redis.scan(case.pattern) + redis.pipe(unlinks))
                redis.recall("walk")
                ours.add(redis, lambda: place.ours_redis(*words))
                if redis.ask("EXISTS", *case.gone) != "0":
                    raise Failed(f"{name}: keys are left")
            # An undo file is every key read, written and synced besides.
            figures += figures_beside(name, ours, bare, None if name.endswith(", undo file") else RATIO, MEMORY)
    return {"keys": f"{count:,}"}, figures


class Case:
    def __init__(self, fill, going, pattern, commands, gone):
        self.fill, self.going, self.pattern, self.commands, self.gone = fill, going, pattern, commands, gone


def purge_case(count, folder):
    def key(number):
        return f"{records.NAME_SPACE}as:applicationups:uid:{records.uid(number)}"
    return Case(lambda: records.purged_lists(count), lambda: map(key, range(count)), f"{records.NAME_SPACE}as:applicationups:*",
                {"as-db purge, no undo file": ("as-db", "purge", "--yes", "--no-undo"),
                 "as-db purge, undo file": ("as-db", "purge", "--yes", "--undo-to", folder / "undo")}, [key(0), key(count - 1)])


def session_key_case(count):
    """Pairs of twelve keys, of which ten may stay; a tenth of the pairs has no device."""
    pairs, each, kept = max(1, count // 12), 12, 10
    orphans = pairs // 10

    def going():
        for pair in range(pairs):
            euis = f"{1:016X}:{pair:016X}"
            for number in range(each if pair < orphans else each - kept):
                identifier = (1_600_000_000_000 + number).to_bytes(6, "big") + pair.to_bytes(10, "big")
                yield f"{records.NAME_SPACE}js:keys:id:{euis}:{records.text(identifier).decode()}"
    keys = going()
    return Case(lambda: records.js_session_keys(pairs, each, orphans), going, f"{records.NAME_SPACE}js:keys:*",
                {"js-db migrate": ("js-db", "migrate")}, [next(keys), next(keys)])
