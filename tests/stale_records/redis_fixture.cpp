#include "stale_records/redis_fixture.hpp"

#include "lorawan/end_device.hpp"
#include "stale_records/cleanup_command.hpp"

namespace tti::stale_records::test {
namespace {

using lorawan::KeyKind;

const std::vector<std::string> name_space{"ttn", "v3"};

}  // namespace

cli::Command ns_cleanup() {
    return cleanup_command({.group = "ns-db", .scope = [](const auto&) { return network_server_scope(); }});
}

cli::Command as_cleanup() {
    return cleanup_command(
        {.group = "as-db", .settings = {"as.webhooks.target"}, .scope = application_server_scope});
}

cli::Command js_cleanup() {
    return cleanup_command({.group = "js-db", .scope = [](const auto&) { return join_server_scope(); }});
}

Deployment::Deployment() : keys_(name_space) {
    redis.given.environment = {{"TTN_LW_CLUSTER_IDENTITY_SERVER", identity_server.address()},
                               {"TTN_LW_CLUSTER_KEYS", "00112233445566778899AABBCCDDEEFF"}};
}

void Deployment::add(const SampleDevice& device) {
    add_to_network_server(device);
    add_to_application_server(device);
    add_to_join_server(device);
}

void Deployment::add_to_network_server(const SampleDevice& device) {
    const auto uid = device.uid();
    const auto record = tti::test::network_server_record(device);
    auto& connection = redis.connection();
    redis.set(key(KeyKind::ns_device, {uid}), record.text());
    redis.set(key(KeyKind::ns_eui, {device.join_eui_text(), device.dev_eui_text()}), uid);
    for (const auto& entry : lorawan::address_entries(*lorawan::read_end_device(record.binary()))) {
        const auto address = lorawan::text(entry.address);
        connection.call("ZADD", key(entry.pending ? KeyKind::ns_pending : KeyKind::ns_current, {address}),
                        std::to_string(entry.score), uid);
        connection.call(
            "HSET", key(entry.pending ? KeyKind::ns_pending_fields : KeyKind::ns_current_fields, {address}),
            uid, entry.fields);
    }
    for (const auto& served : device.served_devices) {
        redis.set(key(KeyKind::ns_relay_rule, {device.application_id + "." + served}), uid);
    }
}

void Deployment::add_to_application_server(const SampleDevice& device) {
    redis.set(key(KeyKind::as_device, {device.uid()}), tti::test::application_server_record(device).text());
    redis.set(key(KeyKind::as_eui, {device.dev_eui_text(), device.join_eui_text()}), device.uid());
}

void Deployment::add_to_join_server(const SampleDevice& device) {
    const auto join_eui = device.join_eui_text();
    const auto dev_eui = device.dev_eui_text();
    redis.set(key(KeyKind::js_device, {device.uid()}), tti::test::join_server_record(device).text());
    redis.set(key(KeyKind::js_eui, {join_eui, dev_eui}), device.uid());
    for (const std::string id : {"AAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAQ"}) {
        redis.set(key(KeyKind::js_session_key, {join_eui, dev_eui, id}), "");
        redis.connection().call("RPUSH", key(KeyKind::js_session_key_ids, {join_eui, dev_eui}), id);
    }
}

void Deployment::add_application(const std::string& id) {
    auto& connection = redis.connection();
    redis.set(key(KeyKind::as_link, {id}), "");
    connection.call("SADD", key(KeyKind::as_links), id);
    redis.set(key(KeyKind::as_pubsub, {id, "queue"}), tti::test::pubsub(id, "queue").text());
    connection.call("SADD", key(KeyKind::as_pubsub_ids, {id}), "queue");
    connection.call("SADD", key(KeyKind::as_pubsubs), id + ":queue");
    redis.set(key(KeyKind::as_webhook, {id, "hook"}), tti::test::webhook(id, "hook").text());
    connection.call("SADD", key(KeyKind::as_webhook_ids, {id}), "hook");
    for (const auto& owner : {id, id + ".dev1"}) {
        redis.set(key(KeyKind::as_package, {owner, "12"}), "");
        connection.call("SADD", key(KeyKind::as_package_ports, {owner}), "12");
    }
    redis.set(key(KeyKind::js_activation_settings, {id}), tti::test::activation_settings().text());
}

void Deployment::known(const std::vector<SampleDevice>& devices, const std::vector<std::string>& applications,
                       const std::string& options) {
    identity_server.set(state(devices, applications) + "option key 00112233445566778899aabbccddeeff\n" +
                        options);
}

std::string Deployment::state(const std::vector<SampleDevice>& devices,
                              const std::vector<std::string>& applications) {
    std::string text;
    for (const auto& device : devices) {
        text += "device " + device.application_id + " " + device.device_id + " " + device.join_eui_text() +
                " " + device.dev_eui_text() + "\n";
    }
    for (const auto& id : applications) text += "application " + id + "\n";
    return text;
}

std::vector<settings::FlagText> freely(std::vector<settings::FlagText> more) {
    std::vector<settings::FlagText> flags{{"yes", "true"}, {"no-undo", "true"}, {"max-delete", "100%"}};
    flags.insert(flags.end(), more.begin(), more.end());
    return flags;
}

std::vector<SampleDevice> sample_devices(std::size_t first, std::size_t count) {
    std::vector<SampleDevice> devices;
    for (std::size_t number = first; number < first + count; ++number) {
        devices.push_back(tti::test::sample_device(number));
        devices.back().device_id = "dev" + std::to_string(number);
    }
    return devices;
}

}  // namespace tti::stale_records::test
