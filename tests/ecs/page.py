"""The commands of the page "Database Operations" for a multi-tenant deployment, from first to last, and what they leave."""

import re

from deployed import DATABASE, PASSWORD_PARAMETER  # puts the folder of scenarios on the path
from database import snapshot  # noqa: I001

DOMAIN, TENANT = "eu1.example.com", "acme"
ADMINISTRATOR = "alice@example.com"


def oauth_client(kind, name, secret_prefix):
    """`secret_prefix`: of the secrets' names in Secrets Manager."""
    return ["is-db", "create-oauth-client", "--tenant-id=NULL", f"--id={kind}-eu1", f"--name={name}",
            f"--secret-from=secretsmanager:{secret_prefix}-{kind}-oauth-client#client_secret",
            f"--redirect-uri=/{kind}/oauth/callback", f"--redirect-uri=https://{DOMAIN}/{kind}/oauth/callback",
            f"--logout-redirect-uri=/{kind}", f"--logout-redirect-uri=https://{DOMAIN}/{kind}"]


def commands(secret_prefix):
    """In the printed order. Where the page has a secret as it is, a reference stands here."""
    return [
        ["storage-db", "init", "--timescaledb.chunk-time-interval", "12h", "--timescaledb.enable-retention-policy",
         "--timescaledb.retention-days", "31"],
        ["noc-db", "init"],
        ["is-db", "create-tenant", f"--id={TENANT}", "--name=Acme, Inc."],
        ["is-db", "create-oauth-client", "--tenant-id=NULL", "--id=cli", "--name=Command Line Interface", "--no-secret",
         "--redirect-uri=local-callback", "--redirect-uri=code"],
        oauth_client("console", "Console", secret_prefix),
        oauth_client("noc", "Network Operations Center", secret_prefix),
        ["is-db", "create-admin-user", "--tenant-id", TENANT, "--id", "alice", "--email", ADMINISTRATOR,
         "--password-from", f"ssm:{PASSWORD_PARAMETER}"],
        ["is-db", "migrate"], ["ns-db", "migrate"], ["ns-db", "prune"], ["as-db", "migrate"], ["noc-db", "migrate"], ["dcs-db", "migrate"],
    ]


# Partitions are named by the time at which they were made.
PARTITION = re.compile(r"_p20\d{6}t\d{6}")
ROWS = {
    "clients": "client_id, name, redirect_uris, logout_redirect_uris, state, grants, rights, client_secret = '' AS public",
    "user_accounts": "account_uid, name, primary_email_address, state, admin",
    "bun_migrations": "name",
}


def state(deployed):
    """Layout, rows and keys, without what a time or a random number made."""
    lines = [line for line in snapshot(deployed.postgres, DATABASE, strictly=True) if not PARTITION.search(line)]
    layout = [line if not line.startswith("rows ") else line.rsplit(" ", 1)[0] for line in lines]  # without checksums
    rows = {f"{schema}.{table}": deployed.sql(f"SELECT {columns} FROM {schema}.{table} ORDER BY 1")
            for schema in ("public", f"tenant_{TENANT}") for table, columns in ROWS.items()}
    rows["tenants"] = deployed.sql("SELECT tenant_id, schema_name, name, state FROM tti.tenants ORDER BY 1")
    rows["journal"] = deployed.sql("SELECT command, outcome FROM tti.operations ORDER BY started_at")
    with deployed.redis.client() as client:
        keys = {key: client("GET", key) for key in sorted(client.scan()) if b"tti:" not in key}
    return {"layout": layout, "rows": rows, "keys": keys}
