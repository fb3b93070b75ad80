"""What the stack would feel: on each table, again and again, a row is read and written, and timed."""

import os
import selectors
import time
from dataclasses import dataclass

import wire

# Between two statements of a probe: a lock is seen from at most so long after it was taken.
PAUSE = 0.001


@dataclass(frozen=True)
class Target:
    name: str
    table: str
    rows: str = "true"  # which are read and written
    key: str = "id"
    read: str = "SELECT * FROM {table} WHERE id = '{id}'"
    write: str = "UPDATE {table} SET updated_at = updated_at WHERE id = '{id}'"


# An update would move the rows to the end of the table, which is deleted last.
LOCK_ROW = "SELECT id FROM {table} WHERE id = '{id}' FOR UPDATE"


TARGETS = (
    *(Target(table, table) for table in ("users", "gateways", "end_devices", "organizations", "accounts", "memberships")),
    Target("contact_info_validations", "contact_info_validations", "entity_type <> 'user'"),
    Target("contact_info_validations (rows that go)", "contact_info_validations", "entity_type = 'user'", write=LOCK_ROW),
    Target("contact_infos (rows that go)", "contact_infos", "true", write=LOCK_ROW),
)


class Probe:
    """One session; it never waits, so that one blocked probe does not keep the others from looking."""

    def __init__(self, server, database, target):
        ids = server.psql(database, f"SELECT {target.key} FROM {target.table} WHERE {target.rows} "
                                    f"ORDER BY md5({target.key}::text) LIMIT 50")
        self.statements = [sql.format(table=target.table, id=row) for row in ids for sql in (target.read, target.write)]
        self.connection = wire.Connection(server.folder, server.port, database)
        self.next, self.sent, self.due, self.longest, self.count = 0, None, 0.0, 0.0, 0

    def start(self, now):
        self.connection.send(self.statements[self.next])
        self.next = (self.next + 1) % len(self.statements)
        self.sent = now

    def finish(self, now):
        self.longest = max(self.longest, now - self.sent)
        self.count += 1
        self.sent, self.due = None, now + PAUSE


class Probes:
    def __init__(self, server, database, targets=TARGETS):
        self.probes = {target.name: Probe(server, database, target) for target in targets}
        self.selector = selectors.DefaultSelector()
        for probe in self.probes.values():
            self.selector.register(probe.connection, selectors.EVENT_READ, probe)
        self.watch(time.monotonic() + 0.3)  # the first statement of a session fills its caches
        self.forget()

    def forget(self):
        for probe in self.probes.values():
            probe.longest, probe.count = 0.0, 0

    def watch(self, until=None, pid=None):
        """Until the time, or the end of the process."""
        ended = os.pidfd_open(pid) if pid else None
        if ended is not None:
            self.selector.register(ended, selectors.EVENT_READ, None)
        while not self.turn(ended) and (until is None or time.monotonic() < until):
            pass
        if ended is not None:
            self.selector.unregister(ended)
            os.close(ended)
        self.drain()

    def turn(self, ended):
        """True when the watched process is gone."""
        now = time.monotonic()
        idle = [probe for probe in self.probes.values() if probe.sent is None]
        for probe in idle:
            if probe.due <= now:
                probe.start(time.monotonic())
        wait = min((probe.due - now for probe in idle if probe.sent is None), default=1.0)
        events = self.selector.select(max(wait, 0))
        for key, _ in events:
            if key.data is not None and key.data.connection.receive():
                key.data.finish(time.monotonic())
        return any(key.fd == ended for key, _ in events)

    def drain(self):
        for probe in self.probes.values():
            if probe.sent is not None:
                probe.connection.wait()
                probe.finish(time.monotonic())

    def longest(self):
        """Milliseconds by target."""
        return {name: probe.longest * 1000 for name, probe in self.probes.items()}

    def close(self):
        self.selector.close()
        for probe in self.probes.values():
            probe.connection.close()
