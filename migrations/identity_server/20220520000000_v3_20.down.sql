DROP TABLE IF EXISTS notification_receivers, notifications, api_keys, access_tokens, authorization_codes,
    client_authorizations, clients, end_device_locations, end_devices, eui_blocks, applications, gateway_antennas,
    gateways, organizations, memberships, invitations, login_tokens, user_sessions, users, pictures,
    contact_info_validations, contact_infos, attributes, accounts, migrations CASCADE;
