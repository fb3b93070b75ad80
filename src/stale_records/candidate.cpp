#include "stale_records/candidate.hpp"

#include <fmt/format.h>

#include "lorawan/end_device.hpp"
#include "stale_records/scope.hpp"
#include "util/text.hpp"

namespace tti::stale_records {
namespace {

using lorawan::EndDevice;
using lorawan::KeyKind;
using lorawan::Keys;

class Dependents {
  public:
    Dependents(const Keys& keys, const Candidate& candidate, Removal& removal)
        : keys_(keys), candidate_(candidate), removal_(removal) {}

    void add(Act act, KeyKind kind, std::initializer_list<std::string_view> parts, std::string item = {}) {
        removal_.deletions.push_back({act, keys_.key(kind, parts), std::move(item)});
    }

    void network_server_device(const EndDevice& device) {
        eui(KeyKind::ns_eui, device.join_eui, device.dev_eui);
        address(device.session, KeyKind::ns_current, KeyKind::ns_current_fields);
        address(device.pending_session, KeyKind::ns_pending, KeyKind::ns_pending_fields);
        const auto application = candidate_.owner.substr(0, candidate_.owner.find('.'));
        for (const auto& served : device.served_devices) {
            add(Act::pointer, KeyKind::ns_relay_rule, {fmt::format("{}.{}", application, served)},
                candidate_.owner);
        }
    }

    void join_server_device(const EndDevice& device) {
        eui(KeyKind::js_eui, device.join_eui, device.dev_eui);
        // Devices are changed by EUI under the mutex of the EUI index, and by ID without any.
        if (device.join_eui && device.dev_eui) removal_.lock = removal_.deletions.back().key;
        if (!device.provisioner_id.empty() && !device.provisioning_unique_id.empty()) {
            add(Act::pointer, KeyKind::js_provisioner,
                {device.provisioner_id, util::upper(device.provisioning_unique_id)}, candidate_.owner);
        }
    }

    // The Application Server has the EUIs the other way round.
    void application_server_device(const EndDevice& device) {
        eui(KeyKind::as_eui, device.dev_eui, device.join_eui);
    }

    // What the key alone tells.
    void by_key() {
        const auto& [kind, key, owner, item, missing] = candidate_;
        switch (kind) {
            case KeyKind::ns_device:
                add(Act::scored, KeyKind::ns_downlink_waiting, {}, owner);
                add(Act::key, KeyKind::ns_device_last_invalidation, {owner});
                add(Act::key, KeyKind::ns_last_invalidation, {owner});
                add(Act::key, KeyKind::ns_device_fields_3_10, {owner});
                return;
            case KeyKind::as_device:
                return add(Act::key, KeyKind::as_location, {owner});
            case KeyKind::as_package:
                return add(Act::member, KeyKind::as_package_ports, {owner}, item);
            case KeyKind::as_webhook:
                return add(Act::member, KeyKind::as_webhook_ids, {owner}, item);
            case KeyKind::as_pubsub:
                add(Act::member, KeyKind::as_pubsub_ids, {owner}, item);
                return add(Act::member, KeyKind::as_pubsubs, {}, owner + ":" + item);
            case KeyKind::as_link:
                return add(Act::member, KeyKind::as_links, {}, owner);
            default:
                return;
        }
    }

  private:
    void eui(KeyKind kind, const std::optional<lorawan::Eui64>& first,
             const std::optional<lorawan::Eui64>& second) {
        if (first && second) add(Act::pointer, kind, {text(*first), text(*second)}, candidate_.owner);
    }

    void address(const std::optional<EndDevice::Session>& session, KeyKind set, KeyKind fields) {
        if (!session || !session->dev_addr) return;
        const auto address = text(*session->dev_addr);
        add(Act::scored, set, {address}, candidate_.owner);
        add(Act::field, fields, {address}, candidate_.owner);
    }

    const Keys& keys_;
    const Candidate& candidate_;
    Removal& removal_;
};

bool is_device_record(KeyKind kind) {
    return kind == KeyKind::ns_device || kind == KeyKind::as_device || kind == KeyKind::js_device;
}

void by_content(Dependents& dependents, KeyKind kind, const EndDevice& device) {
    if (kind == KeyKind::ns_device) dependents.network_server_device(device);
    if (kind == KeyKind::as_device) dependents.application_server_device(device);
    if (kind == KeyKind::js_device) dependents.join_server_device(device);
}

// Session keys are written under the mutex of the device's list of them.
bool is_session_key(KeyKind kind) {
    return kind == KeyKind::js_session_key || kind == KeyKind::js_session_key_ids;
}

}  // namespace

std::string describe(const Candidate& candidate) {
    return candidate.item.empty() ? candidate.owner : candidate.owner + ":" + candidate.item;
}

Candidate record_candidate(const key_space::FoundKey& found) {
    return {found.match.kind, found.key, std::string(found.match.parts[0]),
            std::string(found.match.parts[1])};
}

Removal make_removal(const Keys& keys, const Candidate& candidate, std::string_view value, bool& unreadable) {
    Removal removal{
        .lock = candidate.key, .record = {}, .expected = {}, .missing = candidate.missing, .deletions = {}};
    removal.deletions.push_back({Act::key, candidate.key});
    if (is_session_key(candidate.kind)) {
        const auto match = keys.parse(candidate.key);
        removal.lock = keys.key(KeyKind::js_session_key_ids, {match->parts[0], match->parts[1]});
        return removal;
    }
    removal.record = candidate.key;
    removal.expected = value;
    Dependents dependents(keys, candidate, removal);
    if (is_device_record(candidate.kind)) {
        const auto device = lorawan::read_end_device_text(value);
        unreadable = !device;
        if (device) by_content(dependents, candidate.kind, *device);
    }
    dependents.by_key();
    return removal;
}

}  // namespace tti::stale_records
