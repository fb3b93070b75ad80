"""The table: every command that writes to PostgreSQL, what it works on, and what its second run says."""

import re
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Callable

DAYS = "--timescaledb.retention-days"
PAGE = ("--timescaledb.chunk-time-interval 12h --timescaledb.enable-retention-policy " + DAYS + " 31")
UNTIL = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:00:00Z")
STORAGE_DEMO = f"--days 2 --applications 1 --devices 24 --interval 1h --until {UNTIL}"
NOC_DEMO = f"--days 1 --gateways 2 --applications 1 --devices 3 --interval 2h --until {UNTIL}"
RAW = {"TTN_LW_NOC_STORE_RAW_DATA_RETENTION": "240h"}
# What the mark of an index on few rows does not need: two tables that are large enough to have theirs built beside writers.
OLD = """INSERT INTO users (created_at, updated_at, primary_email_address, password, password_updated_at, require_password_update, state, admin)
    SELECT '2022-01-01', '2022-01-01', n || '@example.com', '', '2022-01-01', false, 1, false FROM generate_series(1, 1200) n;
    INSERT INTO gateways (created_at, updated_at, gateway_id, gateway_eui, auto_update, status_public, location_public, schedule_downlink_late,
        enforce_duty_cycle)
    SELECT '2022-01-01', '2022-01-01', 'gateway-' || n, lpad(to_hex(n), 16, '0'), true, true, true, true, true FROM generate_series(1, 1200) n"""
DELETED = """INSERT INTO applications (id, created_at, updated_at, deleted_at, application_id)
    SELECT md5('a' || n)::uuid, '2022-01-01', '2022-01-01', CASE WHEN n < 12 THEN '2022-02-02'::timestamptz END, 'app-' || n FROM generate_series(0, 19) n;
    INSERT INTO end_devices (id, created_at, updated_at, application_id, device_id)
    SELECT md5('d' || n)::uuid, '2022-01-01', '2022-01-01', 'app-' || n % 20, 'device-' || n FROM generate_series(0, 79) n;
    INSERT INTO api_keys (id, created_at, updated_at, api_key_id, key, rights, entity_id, entity_type)
    SELECT md5('k' || n)::uuid, '2022-01-01', '2022-01-01', 'key-' || n, 'hash', '{55}', md5('a' || n)::uuid, 'application' FROM generate_series(0, 25) n;
    INSERT INTO attributes (id, entity_id, entity_type, key, value)
    SELECT md5('t' || n)::uuid, md5('d' || n)::uuid, 'device', 'place', 'roof' FROM generate_series(0, 85) n"""
MESSAGES = """INSERT INTO storage.messages (received_at, application_id, device_id, type, message)
    SELECT date_trunc('day', now()) - n * interval '1 hour', 'water', 'tank-' || mod(n, 2), 'uplink_message', '{"n": 1}' FROM generate_series(1, %s) n"""
EVENTS = """INSERT INTO noc.end_device_data_uplink (received_at, tenant_id, application_id, device_id, f_cnt, frames_lost, frequency, data_rate,
        airtime_us, rssi, snr)
    SELECT date_trunc('hour', now()) - h * interval '1 hour', 'acme', 'app', 'late-' || h % 3, h, h % 2, 868100000, 'SF7BW125', 1000 + h, -h, 5
      FROM unnest(ARRAY[1, 50, 100, 200]) h"""


@dataclass(frozen=True)
class Row:
    words: str
    fixture: Callable             # of a world: what the command works on
    again: tuple = (0,)           # how it may end when given again after it was done
    adds: bool = False            # each run adds one more of the same
    then: str = ""                # where the second run says that this command is due (exit 3)
    before: str = ""              # a command that is given first; its undo file is the argument of --from
    settle: str = ""              # what the deployment runs every day, and has to before all is there again
    variables: tuple = ()

    @property
    def command(self):
        """The words of its place in the reference."""
        words = self.words.split()
        options = [number for number, word in enumerate(words) if word.startswith("--")]
        return " ".join(words[:options[0]] if options else words)

    @property
    def name(self):
        """Of a test, and of a database."""
        return "_".join(re.findall(r"[a-z0-9]+", self.words.split(" --until")[0].lower()))[:60]


def empty(_):
    pass


def old(world):
    world.must("is-db", "migrate", "--target", "20220520000000")
    world.sql(OLD)


def current(world):
    world.must("is-db", "migrate")
    world.sql(DELETED)


def tenants(world):
    current(world)
    world.must("is-db", "create-tenant", "--id=acme", "--name=Acme")
    world.must("is-db", "create-admin-user", "--id=ada", "--tenant-id=acme", "--email=ada@example.com", "--password-from=env:SECRET")
    world.must("is-db", "create-admin-user", "--id=ada", "--email=ada@example.com", "--password-from=env:SECRET")
    world.sql("SET search_path = tenant_acme; " + DELETED)


def storage(world):
    world.must("storage-db", "init")


def messages(world):
    world.must("storage-db", "init", "--timescaledb.chunk-time-interval", "24")
    world.sql(MESSAGES % (8 * 24))
    world.must("storage-db", "maintain")


def kept(world):
    messages(world)
    world.must("storage-db", "retention", "set", "--days", "30", "--yes")


def strays(world):
    world.must("storage-db", "init", *PAGE.split())
    world.sql(MESSAGES % (34 * 24))


def storage_demo(world):
    storage(world)
    world.must("storage-db", "demo", *STORAGE_DEMO.split())


def noc(world):
    world.must("noc-db", "init", **RAW)


def noc_events(world):
    noc(world)
    world.sql(EVENTS)


def noc_demo(world):
    noc(world)
    world.must("noc-db", "demo", *NOC_DEMO.split())


ROWS = (
    Row("is-db init", empty, then="is-db migrate"),
    Row("is-db migrate", old),
    Row("is-db migrate --rollback --target 20240103000002", tenants),
    Row("is-db create-tenant --id=acme --name=Acme", current),
    Row("is-db delete-tenant --id=acme --yes", tenants, again=(2,)),
    Row("is-db create-oauth-client --tenant-id=NULL --id=console --secret=secret --redirect-uri=/console", tenants),
    Row("is-db create-admin-user --id=alice --email=alice@example.com --password-from=env:SECRET", empty),
    Row("is-db create-admin-user --id=ada --password-from=env:SECRET --name=Ada --revoke-sessions", tenants),
    Row("is-db create-user-api-key --user-id=ada", tenants, adds=True),
    Row("is-db create-eui-block --prefix=70B3D57ED0000000/36", current),
    Row("is-db cleanup --all-tenants --yes --batch 5 --undo-to undo", tenants),
    Row("is-db restore", current, before="is-db cleanup --yes --undo-to undo"),
    Row(f"storage-db init {PAGE}", empty, then=f"storage-db migrate {PAGE}"),
    Row(f"storage-db migrate {PAGE}", storage),
    Row("storage-db retention set --days 3 --yes", messages),
    Row("storage-db retention off", kept),
    Row("storage-db maintain", strays),
    Row(f"storage-db demo {STORAGE_DEMO}", storage, again=(0, 6)),
    Row("storage-db demo --remove", storage_demo),
    Row("noc-db init", empty, then="noc-db migrate"),
    Row("noc-db migrate --yes", noc_events),
    Row("noc-db maintain", noc_events, settle="noc-db maintain", variables=tuple(RAW.items())),
    Row(f"noc-db demo {NOC_DEMO}", noc, again=(0, 6), settle="noc-db maintain", variables=tuple(RAW.items())),
    Row("noc-db demo --remove", noc_demo, variables=tuple(RAW.items())),
)
