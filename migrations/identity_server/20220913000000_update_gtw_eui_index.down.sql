DROP INDEX IF EXISTS gateway_eui_index;
CREATE UNIQUE INDEX gateway_eui_index ON gateways (gateway_eui);
