ALTER TABLE end_devices
    ADD COLUMN IF NOT EXISTS vendor_id integer,
    ADD COLUMN IF NOT EXISTS vendor_profile_id integer;
