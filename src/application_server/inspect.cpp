#include "application_server/inspect.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "key_space/inspection.hpp"
#include "key_space/walk.hpp"
#include "lorawan/end_device.hpp"

namespace tti::application_server {
namespace {

using key_space::Subject;
using lorawan::KeyKind;
using lorawan::MessageKind;
using nlohmann::ordered_json;

constexpr std::size_t most_devices = 20;

bool has_address(std::string_view record, lorawan::DevAddr address) {
    const auto device = lorawan::read_end_device_text(record);
    if (!device) return false;
    const auto has = [address](const auto& session) { return session && session->dev_addr == address; };
    return has(device->session) || has(device->pending_session);
}

// The Application Server has no index by address, so every record is looked into. UIDs, once each.
std::set<std::string> devices_of_address(key_space::Session& session, lorawan::DevAddr address) {
    std::set<std::string> devices;
    key_space::walk_records(session, {.kinds = {KeyKind::as_device}}, {}, [&](auto found, auto values) {
        for (std::size_t index = 0; index < found.size(); ++index) {
            if (!values[index] || !has_address(*values[index], address)) continue;
            devices.emplace(found[index].match.parts[0]);
        }
    });
    return devices;
}

class Inspection {
  public:
    explicit Inspection(key_space::Session& session)
        : session_(session), secrets_(key_space::shown_secrets(session.context())) {}

    ordered_json device(const std::string& uid) {
        const auto key = session_.keys().key(KeyKind::as_device, {uid});
        const auto application = uid.substr(0, uid.find('.'));
        ordered_json page{{"device", uid}, {"record", record(key, MessageKind::end_device)}};
        found_ = found_ || !page["record"].is_null();
        page["index"] = eui_entry(key, uid);
        page["packages"] = packages(uid, MessageKind::application_package_association);
        page["link_of_application"] =
            record(session_.keys().key(KeyKind::as_link, {application}), MessageKind::application_link);
        page["webhooks_of_application"] =
            members(session_.keys().key(KeyKind::as_webhook_ids, {application}));
        return page;
    }

    ordered_json application(const std::string& id) {
        ordered_json page{{"application", id}};
        page["link"] = record(session_.keys().key(KeyKind::as_link, {id}), MessageKind::application_link);
        page["webhooks"] =
            records(KeyKind::as_webhook_ids, KeyKind::as_webhook, id, MessageKind::application_webhook);
        page["pubsubs"] =
            records(KeyKind::as_pubsub_ids, KeyKind::as_pubsub, id, MessageKind::application_pub_sub);
        page["packages"] = packages(id, MessageKind::application_package_default_association);
        found_ = !page["link"].is_null() || !page["webhooks"].empty() || !page["pubsubs"].empty() ||
                 !page["packages"].empty();
        return page;
    }

    ordered_json devices_of(const Subject& subject) {
        ordered_json page{{"dev_eui", text(subject.dev_eui)}, {"devices", ordered_json::array()}};
        for (const auto& uid : key_space::devices_of_eui(session_, KeyKind::as_eui, subject)) {
            page["devices"].push_back(device(uid));
            found_ = true;  // by its index at least
        }
        return page;
    }

    ordered_json devices_at(lorawan::DevAddr address) {
        const auto devices = devices_of_address(session_, address);
        ordered_json page{{"dev_addr", text(address)},
                          {"devices_found", devices.size()},
                          {"devices", ordered_json::array()}};
        for (const auto& uid : devices) {
            if (page["devices"].size() == most_devices) break;
            page["devices"].push_back(device(uid));
        }
        found_ = !devices.empty();
        return page;
    }

    [[nodiscard]] bool found() const { return found_; }

  private:
    ordered_json record(const std::string& key, MessageKind kind) {
        return key_space::read_record(session_, key, kind, secrets_);
    }

    // The entry that the record asks for, and what stands there.
    ordered_json eui_entry(const std::string& device_key, const std::string& uid) {
        const auto text_form = key_space::read_text(session_, device_key);
        if (!text_form) return nullptr;
        const auto device = lorawan::read_end_device_text(*text_form);
        if (!device || !device->dev_eui || !device->join_eui) return nullptr;
        const auto key =
            session_.keys().key(KeyKind::as_eui, {text(*device->dev_eui), text(*device->join_eui)});
        return key_space::read_index_entry(session_, key, uid);
    }

    std::vector<std::string> members(const std::string& key) {
        std::vector<std::string> all;
        session_.connection().repeat([&] {
            all.clear();
            if (session_.connection().call("TYPE", key)->text() != "set") return;
            const auto reply = session_.connection().call("SMEMBERS", key);
            for (std::size_t index = 0; index < reply->size(); ++index) {
                all.emplace_back(reply.view()[index].text());
            }
        });
        std::ranges::sort(all);
        return all;
    }

    // Of the items that a set of an application or a device lists.
    ordered_json records(KeyKind set, KeyKind item, const std::string& owner, MessageKind kind) {
        auto list = ordered_json::array();
        for (const auto& id : members(session_.keys().key(set, {owner}))) {
            list.push_back({{"id", id}, {"record", record(session_.keys().key(item, {owner, id}), kind)}});
        }
        return list;
    }

    ordered_json packages(const std::string& owner, MessageKind kind) {
        return records(KeyKind::as_package_ports, KeyKind::as_package, owner, kind);
    }

    key_space::Session& session_;
    lorawan::Secrets secrets_;
    bool found_ = false;
};

// What is an application ID and neither an EUI nor a device UID.
bool is_application(const std::string& text) {
    return lorawan::is_id(text) && !lorawan::parse_eui64(text);
}

ordered_json page_of(Inspection& inspection, const Subject& subject) {
    if (subject.kind == Subject::Kind::device) return inspection.device(subject.text);
    if (subject.kind == Subject::Kind::dev_addr) return inspection.devices_at(subject.dev_addr);
    return inspection.devices_of(subject);
}

ExitCode inspect(key_space::Session& session, const std::string& text) {
    Inspection inspection(session);
    if (is_application(text)) {
        const auto page = inspection.application(text);
        // An application may have an ID of eight hexadecimal digits.
        if (inspection.found() || !lorawan::parse_dev_addr(text)) {
            key_space::show_page(session.context(), {.text = text}, page, inspection.found());
            return ExitCode::done;
        }
    }
    const auto subject = key_space::parse_subject(text);
    const auto page = page_of(inspection, subject);
    key_space::show_page(session.context(), subject, page, inspection.found());
    return ExitCode::done;
}

}  // namespace

cli::Command inspect_command() {
    return {.name = "inspect",
            .summary = "Show what the Application Server has of a device or an application",
            .description =
                "Of a device: the decoded record, whether its index entry is right, and its packages. Of an "
                "application: its link, webhooks, pub/subs and default packages. A DevAddr shows the devices "
                "that have it, twenty at most, unless there is an application of that ID; there is no index "
                "for it, so every record is looked into. Keys are masked.",
            .arguments = {{.name = "subject",
                           .description = "APPLICATION.DEVICE, a DevEUI, JoinEUI:DevEUI, a DevAddr or an "
                                          "APPLICATION",
                           .value_name = "DEVICE|APPLICATION",
                           .required = true}},
            .options = key_space::inspect_options(),
            .settings = key_space::with_redis_settings(),
            .examples = {{"as-db inspect app1.dev1", "look at a device"},
                         {"as-db inspect 70B3D57ED0060001 --show-keys", "find a device by its DevEUI"},
                         {"as-db inspect 26000001", "see who has this DevAddr"},
                         {"as-db inspect app1", "look at an application"}},
            .tells_secret = cli::when_given("show-keys"),
            .run = [](cli::Context& context) {
                const auto& subject = context.values.text("subject");
                if (!is_application(subject)) key_space::parse_subject(subject);
                return key_space::run_reading(
                    context, operation::Area::application_server,
                    [&subject](key_space::Session& session) { return inspect(session, subject); });
            }};
}

}  // namespace tti::application_server
