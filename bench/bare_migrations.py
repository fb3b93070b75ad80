"""The same migrations as a file for psql: what can be had without plan, lock, journal and verification."""

BOOKKEEPING = """
CREATE TABLE IF NOT EXISTS bun_migrations (id bigserial NOT NULL, name varchar, group_id bigint,
    migrated_at timestamptz NOT NULL DEFAULT current_timestamp, PRIMARY KEY (id));
CREATE TABLE IF NOT EXISTS bun_migration_locks (id bigserial NOT NULL, table_name varchar, PRIMARY KEY (id),
    UNIQUE (table_name));
"""


def transaction(file):
    name = file.name.split("_")[0]
    mark = f"INSERT INTO bun_migrations (name, group_id) VALUES ('{name}', 1);"
    return f"BEGIN;\n{file.read_text(encoding='utf-8')}\n{mark}\nCOMMIT;\n"


def write(path, files, bookkeeping=True):
    """A transaction a migration, as the stack has it."""
    path.write_text((BOOKKEEPING if bookkeeping else "") + "".join(map(transaction, files)), encoding="utf-8")
    return path


def write_tenants(path, schemas, files):
    """The same in every schema."""
    return write_each(path, schemas, "".join(map(transaction, files)))


def write_new_tenants(path, schemas, files):
    return write_each(path, schemas, BOOKKEEPING + "".join(map(transaction, files)), create=True)


def write_tenants_undo(path, schemas, file):
    down = file.with_name(file.name.replace(".up.", ".down.")).read_text(encoding="utf-8")
    name = file.name.split("_")[0]
    return write_each(path, schemas, f"BEGIN;\n{down}\nDELETE FROM bun_migrations WHERE name = '{name}';\nCOMMIT;\n")


def write_each(path, schemas, text, create=False):
    with path.open("w", encoding="utf-8") as stream:
        for schema in schemas:
            stream.write(f"CREATE SCHEMA {schema};\n" if create else "")
            stream.write(f"SET search_path = {schema};\n{text}")
    return path
