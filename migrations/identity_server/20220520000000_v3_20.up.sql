-- The 25 tables of release 3.20 and their indexes, in one transaction.
CREATE TABLE access_tokens (
    id uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    client_id uuid NOT NULL,
    user_id uuid NOT NULL,
    user_session_id uuid,
    rights integer[],
    token_id varchar NOT NULL,
    previous_id varchar,
    access_token varchar NOT NULL,
    refresh_token varchar NOT NULL,
    expires_at timestamptz
);
CREATE UNIQUE INDEX access_token_id_index ON access_tokens (token_id);
CREATE INDEX access_token_previous_index ON access_tokens (previous_id);
CREATE INDEX idx_access_tokens_client_id ON access_tokens (client_id);
CREATE INDEX idx_access_tokens_user_id ON access_tokens (user_id);
CREATE INDEX idx_access_tokens_user_session_id ON access_tokens (user_session_id);

CREATE TABLE accounts (
    id uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz,
    uid varchar(36),
    account_id uuid NOT NULL,
    account_type varchar(32) NOT NULL
);
CREATE UNIQUE INDEX account_uid_index ON accounts (uid);
CREATE INDEX account_id_index ON accounts (account_id, account_type);
CREATE INDEX idx_accounts_deleted_at ON accounts (deleted_at);

CREATE TABLE api_keys (
    id uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    api_key_id varchar,
    key varchar,
    rights integer[],
    name varchar,
    entity_id uuid NOT NULL,
    entity_type varchar(32) NOT NULL,
    expires_at timestamptz
);
CREATE UNIQUE INDEX api_key_id_index ON api_keys (api_key_id);
CREATE INDEX api_key_entity_index ON api_keys (entity_id, entity_type);

CREATE TABLE applications (
    id uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz,
    application_id varchar(36) NOT NULL,
    name varchar,
    description text,
    administrative_contact_id uuid,
    technical_contact_id uuid,
    network_server_address varchar,
    application_server_address varchar,
    join_server_address varchar,
    dev_eui_counter integer DEFAULT 0
);
CREATE UNIQUE INDEX application_id_index ON applications (application_id);
CREATE INDEX idx_applications_deleted_at ON applications (deleted_at);
CREATE INDEX idx_applications_administrative_contact_id ON applications (administrative_contact_id);
CREATE INDEX idx_applications_technical_contact_id ON applications (technical_contact_id);

CREATE TABLE attributes (
    id uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
    entity_id uuid NOT NULL,
    entity_type varchar(32) NOT NULL,
    key varchar,
    value varchar
);
CREATE INDEX attribute_entity_index ON attributes (entity_id, entity_type);

CREATE TABLE authorization_codes (
    id uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    client_id uuid NOT NULL,
    user_id uuid NOT NULL,
    user_session_id uuid,
    rights integer[],
    code varchar NOT NULL,
    redirect_uri varchar,
    state varchar,
    expires_at timestamptz
);
CREATE UNIQUE INDEX authorization_code_code_index ON authorization_codes (code);
CREATE INDEX idx_authorization_codes_client_id ON authorization_codes (client_id);
CREATE INDEX idx_authorization_codes_user_id ON authorization_codes (user_id);
CREATE INDEX idx_authorization_codes_user_session_id ON authorization_codes (user_session_id);

CREATE TABLE client_authorizations (
    id uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    client_id uuid NOT NULL,
    user_id uuid NOT NULL,
    rights integer[]
);
CREATE INDEX idx_client_authorizations_client_id ON client_authorizations (client_id);
CREATE INDEX idx_client_authorizations_user_id ON client_authorizations (user_id);

CREATE TABLE clients (
    id uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz,
    client_id varchar(36) NOT NULL,
    name varchar,
    description text,
    administrative_contact_id uuid,
    technical_contact_id uuid,
    client_secret varchar,
    redirect_uris varchar[],
    logout_redirect_uris varchar[],
    state integer NOT NULL,
    state_description varchar,
    skip_authorization boolean NOT NULL,
    endorsed boolean NOT NULL,
    grants integer[],
    rights integer[]
);
CREATE UNIQUE INDEX client_id_index ON clients (client_id);
CREATE INDEX idx_clients_deleted_at ON clients (deleted_at);
CREATE INDEX idx_clients_administrative_contact_id ON clients (administrative_contact_id);
CREATE INDEX idx_clients_technical_contact_id ON clients (technical_contact_id);

CREATE TABLE contact_info_validations (
    id uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    reference varchar,
    token varchar,
    entity_id uuid NOT NULL,
    entity_type varchar(32) NOT NULL,
    contact_method integer NOT NULL,
    value varchar,
    used boolean,
    expires_at timestamptz
);
CREATE INDEX contact_info_validation_id_index ON contact_info_validations (reference, token);
CREATE INDEX contact_info_validation_entity_index ON contact_info_validations (entity_id, entity_type);

CREATE TABLE contact_infos (
    id uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
    contact_type integer NOT NULL,
    contact_method integer NOT NULL,
    value varchar,
    public boolean,
    validated_at timestamptz,
    entity_id uuid NOT NULL,
    entity_type varchar(32) NOT NULL
);
CREATE INDEX contact_info_entity_index ON contact_infos (entity_id, entity_type);

CREATE TABLE end_device_locations (
    id uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    end_device_id uuid NOT NULL,
    service text,
    latitude numeric,
    longitude numeric,
    altitude integer,
    accuracy integer,
    source integer NOT NULL
);
CREATE UNIQUE INDEX end_device_location_id_index ON end_device_locations (end_device_id, service);
CREATE INDEX end_device_device_index ON end_device_locations (end_device_id);

CREATE TABLE end_devices (
    id uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    application_id varchar(36) NOT NULL,
    device_id varchar(36) NOT NULL,
    name varchar,
    description text,
    join_eui varchar(16),
    dev_eui varchar(16),
    brand_id varchar,
    model_id varchar,
    hardware_version varchar,
    firmware_version varchar,
    band_id varchar,
    network_server_address varchar,
    application_server_address varchar,
    join_server_address varchar,
    service_profile_id varchar,
    picture_id uuid,
    activated_at timestamptz,
    last_seen_at timestamptz
);
CREATE UNIQUE INDEX end_device_id_index ON end_devices (application_id, device_id);
CREATE UNIQUE INDEX end_device_eui_index ON end_devices (join_eui, dev_eui);
CREATE INDEX end_device_application_index ON end_devices (application_id);
CREATE INDEX end_device_join_eui_index ON end_devices (join_eui);
CREATE INDEX end_device_dev_eui_index ON end_devices (dev_eui);
CREATE INDEX end_device_picture_index ON end_devices (picture_id);

CREATE TABLE eui_blocks (
    id uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    type varchar(10),
    start_eui varchar(16),
    end_counter bigint,
    current_counter bigint
);

CREATE TABLE gateway_antennas (
    id uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    gateway_id uuid NOT NULL,
    "index" integer NOT NULL,
    gain numeric,
    latitude numeric,
    longitude numeric,
    altitude integer,
    accuracy integer,
    placement integer
);
CREATE UNIQUE INDEX gateway_antenna_id_index ON gateway_antennas (gateway_id, "index");
CREATE INDEX gateway_antenna_gateway_index ON gateway_antennas (gateway_id);

CREATE TABLE gateways (
    id uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz,
    gateway_eui varchar(16),
    gateway_id varchar(36) NOT NULL,
    name varchar,
    description text,
    administrative_contact_id uuid,
    technical_contact_id uuid,
    brand_id varchar,
    model_id varchar,
    hardware_version varchar,
    firmware_version varchar,
    gateway_server_address varchar,
    auto_update boolean NOT NULL,
    update_channel varchar,
    frequency_plan_id varchar,
    status_public boolean NOT NULL,
    location_public boolean NOT NULL,
    schedule_downlink_late boolean NOT NULL,
    enforce_duty_cycle boolean NOT NULL,
    schedule_anytime_delay bigint NOT NULL DEFAULT 0,
    downlink_path_constraint integer,
    update_location_from_status boolean NOT NULL DEFAULT false,
    lbs_lns_secret bytea,
    claim_authentication_code_secret bytea,
    claim_authentication_code_valid_from timestamptz,
    claim_authentication_code_valid_to timestamptz,
    target_cups_uri varchar,
    target_cups_key bytea,
    require_authenticated_connection boolean,
    supports_lrfhss boolean NOT NULL DEFAULT false,
    disable_packet_broker_forwarding boolean NOT NULL DEFAULT false
);
CREATE UNIQUE INDEX gateway_id_index ON gateways (gateway_id);
CREATE UNIQUE INDEX gateway_eui_index ON gateways (gateway_eui);
CREATE INDEX idx_gateways_deleted_at ON gateways (deleted_at);
CREATE INDEX idx_gateways_administrative_contact_id ON gateways (administrative_contact_id);
CREATE INDEX idx_gateways_technical_contact_id ON gateways (technical_contact_id);

CREATE TABLE invitations (
    id uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    email varchar NOT NULL,
    token varchar NOT NULL,
    expires_at timestamptz,
    accepted_by_id uuid,
    accepted_at timestamptz
);
CREATE UNIQUE INDEX invitation_email_index ON invitations (email);
CREATE UNIQUE INDEX invitation_token_index ON invitations (token);

CREATE TABLE login_tokens (
    id uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    user_id uuid,
    token varchar NOT NULL,
    expires_at timestamptz,
    used boolean
);
CREATE UNIQUE INDEX login_token_index ON login_tokens (token);

CREATE TABLE memberships (
    id uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    account_id uuid NOT NULL,
    rights integer[],
    entity_id uuid NOT NULL,
    entity_type varchar(32) NOT NULL
);
CREATE INDEX membership_account_index ON memberships (account_id);
CREATE INDEX membership_entity_index ON memberships (entity_id, entity_type);

CREATE TABLE migrations (
    id uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    name varchar
);
CREATE UNIQUE INDEX migration_name_index ON migrations (name);

CREATE TABLE notification_receivers (
    notification_id uuid NOT NULL,
    receiver_id uuid NOT NULL,
    status integer NOT NULL,
    status_updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX notification_receiver_index ON notification_receivers (notification_id, receiver_id);
CREATE INDEX notification_receiver_notification_id_index ON notification_receivers (notification_id);
CREATE INDEX notification_receiver_user_index ON notification_receivers (receiver_id);

CREATE TABLE notifications (
    id uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    entity_id uuid NOT NULL,
    entity_type varchar(32) NOT NULL,
    entity_uid varchar(36) NOT NULL,
    notification_type text NOT NULL,
    data jsonb,
    sender_id uuid,
    sender_uid varchar(36) NOT NULL,
    receivers integer[],
    email boolean NOT NULL
);
CREATE INDEX notification_entity_index ON notifications (entity_id, entity_type);
CREATE INDEX notification_sender_index ON notifications (sender_id);

CREATE TABLE organizations (
    id uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz,
    name varchar,
    description text,
    administrative_contact_id uuid,
    technical_contact_id uuid
);
CREATE INDEX idx_organizations_deleted_at ON organizations (deleted_at);
CREATE INDEX idx_organizations_administrative_contact_id ON organizations (administrative_contact_id);
CREATE INDEX idx_organizations_technical_contact_id ON organizations (technical_contact_id);

CREATE TABLE pictures (
    id uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz,
    data bytea
);
CREATE INDEX idx_pictures_deleted_at ON pictures (deleted_at);

CREATE TABLE user_sessions (
    id uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    user_id uuid NOT NULL,
    session_secret varchar,
    expires_at timestamptz
);
CREATE INDEX user_session_user_index ON user_sessions (user_id);

CREATE TABLE users (
    id uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz,
    name varchar,
    description text,
    primary_email_address varchar NOT NULL,
    primary_email_address_validated_at timestamptz,
    password varchar NOT NULL,
    password_updated_at timestamptz NOT NULL,
    require_password_update boolean NOT NULL,
    state integer NOT NULL,
    state_description varchar,
    admin boolean NOT NULL,
    temporary_password varchar,
    temporary_password_created_at timestamptz,
    temporary_password_expires_at timestamptz,
    profile_picture_id uuid
);
CREATE UNIQUE INDEX uix_users_primary_email_address ON users (primary_email_address);
CREATE INDEX idx_users_deleted_at ON users (deleted_at);
CREATE INDEX user_profile_picture_index ON users (profile_picture_id);
