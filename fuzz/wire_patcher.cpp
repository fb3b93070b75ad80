#include "entries.hpp"
#include "lorawan/end_device.hpp"
#include "lorawan/message.hpp"
#include "lorawan/wire.hpp"
#include "promise.hpp"

namespace tti::fuzz {
namespace {

using lorawan::EndDevice;

void check_fields(std::string_view input) {
    std::string together;
    lorawan::wire::Reader reader(input);
    for (lorawan::wire::Field field; reader.read(field);) {
        together += field.whole;
    }
    promise(!reader.error().empty() || together == input, "fields are not the whole message");
}

bool same_session(const std::optional<EndDevice::Session>& one,
                  const std::optional<EndDevice::Session>& other) {
    if (!one || !other) return one.has_value() == other.has_value();
    return one->dev_addr == other->dev_addr && one->f_nwk_s_int_key == other->f_nwk_s_int_key &&
           one->last_f_cnt_up == other->last_f_cnt_up && one->session_key_id == other->session_key_id;
}

bool has_started_at(const EndDevice& device) {
    return (device.session && device.session->has_started_at) ||
           (device.pending_session && device.pending_session->has_started_at);
}

// What else the device says is the same before and after.
void check_patch(std::string_view before, const std::string& after) {
    promise(after.size() < before.size(), "a patch that removes nothing");
    const auto again = lorawan::wire::without_started_at(after);
    promise(again && !*again, "a patch that is not whole");
    const auto old_device = lorawan::read_end_device(before);
    const auto new_device = lorawan::read_end_device(after);
    promise(old_device.has_value() == new_device.has_value(), "a patch that changes whether it can be read");
    if (!old_device) return;
    promise(has_started_at(*old_device) && !has_started_at(*new_device), "a patch of something else");
    promise(same_session(old_device->session, new_device->session), "a patch that changes the session");
    promise(same_session(old_device->pending_session, new_device->pending_session),
            "a patch that changes the pending session");
    promise(old_device->uid == new_device->uid && old_device->served_devices == new_device->served_devices,
            "a patch that changes the device");
}

}  // namespace

void wire_patcher(std::string_view input) {
    check_fields(input);
    if (const auto decoded = lorawan::decode_message(input)) {
        const auto again = lorawan::decode_message(lorawan::encode_message(*decoded));
        promise(again && *again == *decoded, "text that does not come back");
    }
    const auto patched = lorawan::wire::without_started_at(input);
    if (patched && *patched) check_patch(input, **patched);
    const auto device = lorawan::read_end_device(input);
    if (!device) return;
    promise(!patched || patched->has_value() == has_started_at(*device), "a session that was overlooked");
    for (const auto& entry : address_entries(*device)) {
        const auto fields =
            entry.pending ? lorawan::decode_pending(entry.fields) : lorawan::decode_current(entry.fields);
        const auto& key = (entry.pending ? device->pending_session : device->session)->f_nwk_s_int_key.key;
        promise(fields.has_value() || (!key.empty() && key.size() != 16), "fields that cannot be read");
    }
}

}  // namespace tti::fuzz
