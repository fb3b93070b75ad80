-- Every tenant, and the schema that its tables are in.
CREATE TABLE tti.tenants (
    tenant_id varchar(36) NOT NULL PRIMARY KEY,
    schema_name text NOT NULL UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    name varchar(50),
    description varchar(2000),
    attributes jsonb,
    max_applications bigint,
    max_clients bigint,
    max_end_devices bigint,
    max_gateways bigint,
    max_organizations bigint,
    max_users bigint,
    state integer NOT NULL DEFAULT 1,
    state_description varchar(128)
);

-- OAuth clients that are valid for all tenants; every tenant's schema holds a copy.
CREATE TABLE tti.clients (
    client_id varchar(36) NOT NULL PRIMARY KEY,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    name varchar,
    description text,
    client_secret varchar,
    redirect_uris varchar[] NOT NULL DEFAULT '{}',
    logout_redirect_uris varchar[] NOT NULL DEFAULT '{}',
    state integer NOT NULL,
    state_description varchar,
    skip_authorization boolean NOT NULL,
    endorsed boolean NOT NULL,
    grants integer[],
    rights integer[]
);
