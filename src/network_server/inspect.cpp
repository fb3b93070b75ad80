#include "network_server/inspect.hpp"

#include <set>

#include "key_space/inspection.hpp"
#include "network_server/device_page.hpp"

namespace tti::network_server {
namespace {

using key_space::Subject;
using lorawan::KeyKind;
using nlohmann::ordered_json;

constexpr std::size_t most_devices = 20;

// The members of an address, by the sorted sets and by the hashes beside them.
ordered_json address_entries(key_space::Session& session, const std::string& address,
                             std::set<std::string>& devices) {
    auto list = ordered_json::array();
    for (const auto kind :
         {KeyKind::ns_current, KeyKind::ns_current_fields, KeyKind::ns_pending, KeyKind::ns_pending_fields}) {
        const auto key = session.keys().key(kind, {address});
        const bool hash = kind == KeyKind::ns_current_fields || kind == KeyKind::ns_pending_fields;
        session.connection().repeat([&] {
            const auto type = session.connection().call("TYPE", key);
            if (type->text() != (hash ? "hash" : "zset")) return;
            redis::Commands one;
            hash ? one.add("HKEYS", key) : one.add("ZRANGE", key, "0", "-1");
            const auto reply = session.connection().single(one);
            auto members = ordered_json::array();
            for (std::size_t index = 0; index < reply->size(); ++index) {
                members.push_back(reply.view()[index].text());
                devices.emplace(reply.view()[index].text());
            }
            list.push_back({{"key", key}, {"devices", members}});
        });
    }
    return list;
}

ExitCode inspect(key_space::Session& session, const Subject& subject) {
    auto& context = session.context();
    const auto secrets = key_space::shown_secrets(context);
    ordered_json page;
    std::set<std::string> devices;
    if (subject.kind == Subject::Kind::device) {
        auto one = device_page(session, subject.text, secrets);
        key_space::show_page(context, subject, one.data, one.found);
        return ExitCode::done;
    }
    if (subject.kind == Subject::Kind::dev_addr) {
        page["dev_addr"] = text(subject.dev_addr);
        page["address_index"] = address_entries(session, text(subject.dev_addr), devices);
    } else {
        page["dev_eui"] = text(subject.dev_eui);
        for (auto& device : key_space::devices_of_eui(session, KeyKind::ns_eui, subject)) {
            devices.insert(std::move(device));
        }
    }
    page["devices_found"] = devices.size();
    page["devices"] = ordered_json::array();
    for (const auto& device : devices) {
        if (page["devices"].size() == most_devices) break;
        page["devices"].push_back(device_page(session, device, secrets).data);
    }
    key_space::show_page(context, subject, page, !devices.empty());
    return ExitCode::done;
}

}  // namespace

cli::Command inspect_command() {
    return {.name = "inspect",
            .summary = "Show what the Network Server has of a device",
            .description =
                "The decoded record, whether its index entries are right, queued uplinks and downlinks, and "
                "its downlink tasks. A DevAddr or DevEUI shows every device that the indexes name for it, "
                "twenty at most. Keys are masked.",
            .arguments = key_space::inspect_arguments(),
            .options = key_space::inspect_options(),
            .settings = key_space::with_redis_settings(),
            .examples = {{"ns-db inspect app1.dev1", "look at a device"},
                         {"ns-db inspect 26000001", "see who has this DevAddr"},
                         {"ns-db inspect 70B3D57ED0060001 --show-keys", "find a device by its DevEUI"}},
            .tells_secret = cli::when_given("show-keys"),
            .run = [](cli::Context& context) {
                const auto subject = key_space::parse_subject(context.values.text("device"));
                return key_space::run_reading(
                    context, operation::Area::network_server,
                    [&subject](key_space::Session& session) { return inspect(session, subject); });
            }};
}

}  // namespace tti::network_server
