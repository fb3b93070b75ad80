#include "application_server/device_record.hpp"

#include <utility>

#include "lorawan/message.hpp"
#include "lorawan/wire.hpp"

namespace tti::application_server {

Judgement judge(std::string_view record) {
    const auto message = lorawan::decode_message(record);
    if (!message) return {RecordState::broken, {}, message.error()};
    const auto patched = lorawan::wire::without_started_at(*message);
    if (!patched) return {RecordState::broken, {}, patched.error()};
    if (!*patched) return {};
    return {RecordState::to_change, lorawan::encode_message(**patched), {}};
}

}  // namespace tti::application_server
