ALTER TABLE end_devices
    DROP COLUMN IF EXISTS vendor_id,
    DROP COLUMN IF EXISTS vendor_profile_id;
