#include "network_server/device_page.hpp"

#include <charconv>
#include <cmath>
#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "key_space/inspection.hpp"
#include "network_server/index_difference.hpp"

namespace tti::network_server {
namespace {

using lorawan::KeyKind;
using nlohmann::ordered_json;
using Session = key_space::Session;

constexpr int most_pages = 100;
constexpr const char* page_size = "1000";

ordered_json index_entries(Session& session, const std::string& uid, const std::string& value) {
    auto list = ordered_json::array();
    const auto entries = index_of(session.keys(), uid, value);
    if (!entries) return list;
    operation::Failures failures;
    const auto differences = compare(session, *entries, failures);
    for (std::size_t index = 0; index < entries->size(); ++index) {
        std::string state = "right";
        for (const auto& difference : differences) {
            if (difference.entry == index) state = words(difference.nature);
        }
        list.push_back(
            {{"kind", words((*entries)[index].kind)}, {"key", (*entries)[index].key}, {"state", state}});
    }
    for (const auto& failure : failures.data()) {
        list.push_back({{"kind", "unreadable"}, {"key", failure["record"]}, {"state", failure["reason"]}});
    }
    return list;
}

std::string time_text(std::string_view nanoseconds) {
    double number = 0;
    std::from_chars(nanoseconds.data(), nanoseconds.data() + nanoseconds.size(), number);
    if (!std::isfinite(number) || number < 0 || number > 9e18) return std::string(nanoseconds);
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(static_cast<std::time_t>(number / 1e9)));
}

// The entries of a stream whose `field` is this device; a long stream is read up to a limit.
ordered_json stream_entries(Session& session, const std::string& key, std::string_view field,
                            std::string_view uid) {
    std::int64_t number = 0;
    bool complete = false;
    std::string from = "-";
    for (int page = 0; page < most_pages && !complete; ++page) {
        session.connection().repeat([&] {
            if (session.connection().call("TYPE", key)->text() != "stream") {
                complete = true;
                return;
            }
            const auto reply = session.connection().call("XRANGE", key, from, "+", "COUNT", page_size);
            for (std::size_t entry = 0; entry < reply->size(); ++entry) {
                const auto fields = reply.view()[entry][1];
                for (std::size_t at = 0; at + 1 < fields.size(); at += 2) {
                    if (fields[at].text() == field && fields[at + 1].text() == uid) ++number;
                }
            }
            complete = reply->size() == 0;
            if (!complete) from = "(" + std::string(reply.view()[reply->size() - 1][0].text());
        });
    }
    if (complete) return number;
    return fmt::format("{} among the first {} thousand", number, most_pages);
}

ordered_json tasks(Session& session, const std::string& uid) {
    ordered_json data;
    session.connection().repeat([&] {
        const auto score =
            session.connection().call("ZSCORE", session.keys().key(KeyKind::ns_downlink_waiting), uid);
        data["waits_until"] = score->is_nil() ? ordered_json() : ordered_json(time_text(score->text()));
    });
    for (const auto& [name, kind] :
         {std::pair{"input", KeyKind::ns_downlink_input}, std::pair{"ready", KeyKind::ns_downlink_ready}}) {
        data[name] = stream_entries(session, session.keys().key(kind), "payload", uid);
    }
    return data;
}

// Streams of old releases hold the entries of all devices of an application.
ordered_json legacy_queues(Session& session, std::string_view application) {
    auto data = ordered_json::object();
    for (const auto kind :
         {KeyKind::ns_legacy_uplinks, KeyKind::ns_legacy_invalidation, KeyKind::ns_legacy_join_accept}) {
        const auto key = session.keys().key(kind, {application});
        session.connection().repeat([&] {
            if (session.connection().call("TYPE", key)->text() != "stream") return;
            data[key] = session.connection().call("XLEN", key)->integer();
        });
    }
    return data;
}

std::size_t queued_downlinks(const ordered_json& record) {
    if (!record.is_object() || !record.contains("message")) return 0;
    const auto& message = record["message"];
    std::size_t number = 0;
    for (const auto* session : {"session", "pending_session"}) {
        const auto place =
            ordered_json::json_pointer(fmt::format("/{}/queued_application_downlinks", session));
        if (message.contains(place)) number += message[place].size();
    }
    return number;
}

}  // namespace

DevicePage device_page(Session& session, const std::string& uid, lorawan::Secrets secrets) {
    const auto& keys = session.keys();
    const auto key = keys.key(KeyKind::ns_device, {uid});
    DevicePage page;
    auto record = key_space::read_record(session, key, lorawan::MessageKind::end_device, secrets);
    page.found = !record.is_null();
    page.data["device"] = uid;
    page.data["record"] = record;
    const auto value = key_space::read_text(session, key);
    page.data["index"] = value ? index_entries(session, uid, *value) : ordered_json::array();
    const auto served_by = key_space::read_text(session, keys.key(KeyKind::ns_relay_rule, {uid}));
    if (served_by) page.data["served_by_relay"] = *served_by;
    page.data["queued_downlinks"] = queued_downlinks(record);
    page.data["queued_uplinks"] = stream_entries(session, keys.key(KeyKind::ns_uplinks), "uid", uid);
    const auto legacy = legacy_queues(session, std::string_view(uid).substr(0, uid.find('.')));
    if (!legacy.empty()) page.data["legacy_streams_of_application"] = legacy;
    page.data["downlink_tasks"] = tasks(session, uid);
    return page;
}

}  // namespace tti::network_server
