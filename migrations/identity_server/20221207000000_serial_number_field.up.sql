ALTER TABLE end_devices ADD COLUMN IF NOT EXISTS serial_number varchar(16);
