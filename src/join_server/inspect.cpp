#include "join_server/inspect.hpp"

#include <algorithm>
#include <set>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "join_server/session_key_id.hpp"
#include "key_space/inspection.hpp"
#include "lorawan/end_device.hpp"
#include "redis/scan.hpp"

namespace tti::join_server {
namespace {

using key_space::Subject;
using lorawan::KeyKind;
using lorawan::MessageKind;
using nlohmann::ordered_json;

constexpr std::size_t most_session_keys = 100;

class Inspection {
  public:
    explicit Inspection(key_space::Session& session)
        : session_(session), secrets_(key_space::shown_secrets(session.context())) {}

    ordered_json device(const std::string& uid) {
        const auto key = session_.keys().key(KeyKind::js_device, {uid});
        const auto application = uid.substr(0, uid.find('.'));
        ordered_json page{{"device", uid}, {"record", record(key, MessageKind::end_device)}};
        found_ = found_ || !page["record"].is_null();
        const auto text_form = key_space::read_text(session_, key);
        const auto device = lorawan::read_end_device_text(text_form.value_or(""));
        if (text_form && device && device->join_eui && device->dev_eui) {
            const auto join_eui = text(*device->join_eui);
            const auto dev_eui = text(*device->dev_eui);
            page["index"] = index_entries(*device, uid);
            page["session_keys"] = session_keys(join_eui, dev_eui);
        }
        page["activation_settings_of_application"] =
            record(session_.keys().key(KeyKind::js_activation_settings, {application}),
                   MessageKind::application_activation_settings);
        return page;
    }

    ordered_json devices_of(const Subject& subject) {
        ordered_json page{{"dev_eui", text(subject.dev_eui)}, {"devices", ordered_json::array()}};
        for (const auto& uid : key_space::devices_of_eui(session_, KeyKind::js_eui, subject)) {
            page["devices"].push_back(device(uid));
            found_ = true;  // by its index at least
        }
        // Session keys may be left without a device.
        if (!found_ && subject.kind == Subject::Kind::eui_pair) {
            page["session_keys"] = session_keys(text(subject.join_eui), text(subject.dev_eui));
            found_ = !page["session_keys"].empty();
        }
        return page;
    }

    [[nodiscard]] bool found() const { return found_; }

  private:
    ordered_json record(const std::string& key, MessageKind kind) {
        return key_space::read_record(session_, key, kind, secrets_);
    }

    ordered_json index_entries(const lorawan::EndDevice& device, const std::string& uid) {
        auto list = ordered_json::array();
        list.push_back(key_space::read_index_entry(
            session_, session_.keys().key(KeyKind::js_eui, {text(*device.join_eui), text(*device.dev_eui)}),
            uid));
        if (!device.provisioner_id.empty() && !device.provisioning_unique_id.empty()) {
            auto id = device.provisioning_unique_id;
            std::ranges::transform(id, id.begin(), [](char letter) {
                return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
            });
            list.push_back(key_space::read_index_entry(
                session_, session_.keys().key(KeyKind::js_provisioner, {device.provisioner_id, id}), uid));
        }
        return list;
    }

    std::vector<std::string> listed(const std::string& key) {
        std::vector<std::string> ids;
        session_.connection().repeat([&] {
            ids.clear();
            if (session_.connection().call("TYPE", key)->text() != "list") return;
            const auto reply = session_.connection().call("LRANGE", key, "0", "-1");
            for (std::size_t index = 0; index < reply->size(); ++index) {
                ids.emplace_back(reply.view()[index].text());
            }
        });
        return ids;
    }

    // Oldest first, those that are not listed too, which takes a walk.
    std::vector<std::string> existing(const std::string& key_prefix) {
        redis::Scan scan(session_.connection(), {.match = redis::escape_glob(key_prefix) + "*"});
        std::set<std::string> ids;
        std::vector<std::string> page;
        while (scan.next(page)) {
            for (const auto& key : page) ids.insert(key.substr(key_prefix.size()));
        }
        std::vector<std::string> sorted(ids.begin(), ids.end());
        std::ranges::sort(sorted, is_older);
        return sorted;
    }

    ordered_json session_keys(const std::string& join_eui, const std::string& dev_eui) {
        const auto list = listed(session_.keys().key(KeyKind::js_session_key_ids, {join_eui, dev_eui}));
        const auto prefix = session_.keys().key(KeyKind::js_session_key, {join_eui, dev_eui, ""});
        const auto ids = existing(prefix);
        auto result = ordered_json::array();
        // The newest, where there are too many to show.
        for (auto id = ids.size() > most_session_keys ? ids.end() - most_session_keys : ids.begin();
             id != ids.end(); ++id) {
            result.push_back(session_key(prefix, *id, std::ranges::find(list, *id) != list.end()));
        }
        for (const auto& id : list) {
            if (std::ranges::find(ids, id) == ids.end()) {
                result.push_back({{"id", id}, {"listed", true}, {"record", nullptr}});
            }
        }
        return result;
    }

    ordered_json session_key(const std::string& prefix, const std::string& id, bool is_listed) {
        ordered_json one{{"id", id}};
        if (const auto time = time_of_session_key_id(id)) {
            one["made_at"] = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                                         std::chrono::time_point_cast<std::chrono::seconds>(*time));
        }
        one["listed"] = is_listed;
        one["record"] = record(prefix + id, MessageKind::session_keys);
        return one;
    }

    key_space::Session& session_;
    lorawan::Secrets secrets_;
    bool found_ = false;
};

Subject parse(const std::string& text) {
    auto subject = key_space::parse_subject(text);
    if (subject.kind == Subject::Kind::dev_addr) {
        throw UsageError(fmt::format("\"{}\" is a DevAddr, and the Join Server knows none", text),
                         "Look with tti-lw-stack ns-db inspect whose it is.");
    }
    return subject;
}

ExitCode inspect(key_space::Session& session, const Subject& subject) {
    Inspection inspection(session);
    const auto page = subject.kind == Subject::Kind::device ? inspection.device(subject.text)
                                                            : inspection.devices_of(subject);
    key_space::show_page(session.context(), subject, page, inspection.found());
    return ExitCode::done;
}

}  // namespace

cli::Command inspect_command() {
    return {.name = "inspect",
            .summary = "Show what the Join Server has of a device",
            .description =
                "The decoded record, whether its index entries are right, its session keys with the time at "
                "which they were made and whether they are listed, and the activation settings of its "
                "application. Keys are masked.",
            .arguments = key_space::inspect_arguments(),
            .options = key_space::inspect_options(),
            .settings = key_space::with_redis_settings(),
            .examples = {{"js-db inspect app1.dev1", "look at a device"},
                         {"js-db inspect 70B3D57ED0060001 --show-keys", "find a device by its DevEUI"}},
            .tells_secret = cli::when_given("show-keys"),
            .run = [](cli::Context& context) {
                const auto subject = parse(context.values.text("device"));
                return key_space::run_reading(
                    context, operation::Area::join_server,
                    [&subject](key_space::Session& session) { return inspect(session, subject); });
            }};
}

}  // namespace tti::join_server
