-- Who NetIDs belong to, as of net_ids_revision.
CREATE TABLE net_ids (
    net_id integer PRIMARY KEY,
    operator text COLLATE "C" NOT NULL
);
-- Of the program that wrote net_ids last.
CREATE TABLE net_ids_revision (revision text COLLATE "C" PRIMARY KEY);
-- Tenants that hold generated data.
CREATE TABLE demo_tenants (
    tenant_id text COLLATE "C" PRIMARY KEY,
    seed bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
