ALTER TABLE end_devices DROP COLUMN IF EXISTS serial_number;
