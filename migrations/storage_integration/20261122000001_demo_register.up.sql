-- Applications that hold generated data.
CREATE TABLE demo_applications (
    tenant_id text COLLATE "C" NOT NULL DEFAULT '',
    application_id text COLLATE "C" NOT NULL,
    seed bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, application_id)
);
