"""The mutex that the stack's servers take around a record, by its protocol, written apart from the program's own."""

import contextlib
import time
import uuid

TIME = 10_000  # ms

LOCK = """local left = redis.call('PTTL', KEYS[1])
if left > 0 then return left end
redis.call('DEL', KEYS[2])
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 0"""
TAKE = """if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[2])
redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[2])
return 1"""
UNLOCK = """if redis.call('GET', KEYS[1]) == ARGV[1] then
  redis.call('LPUSH', KEYS[2], ARGV[1])
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  redis.call('PEXPIRE', KEYS[2], ARGV[2])
end
return 'OK'"""


@contextlib.contextmanager
def held(redis, key):
    """Waits in line. The longest that anybody waited is kept in `longest`."""
    owner, helpers = uuid.uuid4().hex[:26].upper(), (f"{key}:lock", f"{key}:list")
    started = time.monotonic()
    while not acquired(redis, owner, helpers):
        if time.monotonic() - started > 30:
            raise TimeoutError(f"nobody hands {key} over")
    try:
        yield
    finally:
        redis("EVAL", UNLOCK, 2, *helpers, owner, TIME)


def acquired(redis, owner, helpers):
    left = redis("EVAL", LOCK, 2, *helpers, owner, TIME)
    if left == 0:
        return True
    popped = redis("BLPOP", helpers[1], max(1, left // 1000))
    return popped is not None and redis("EVAL", TAKE, 2, *helpers, popped[1], TIME, owner) == 1
