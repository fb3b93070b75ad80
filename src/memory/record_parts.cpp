#include "memory/record_parts.hpp"

#include "lorawan/message.hpp"
#include "lorawan/wire.hpp"

namespace tti::memory {
namespace {

// Field numbers of EndDevice.
std::string part_of(std::uint32_t field) {
    switch (field) {
        case 24:
            return "MAC settings";
        case 25:
            return "MAC states";
        case 26:
            return "sessions";
        case 27:
            return "pending sessions";
        case 44:
            return "pending MAC states";
        case 37:
        case 38:
        case 39:
            return "recent uplinks and downlinks from before release 3.11";
        default:
            return "other";
    }
}

}  // namespace

void RecordParts::add(std::string_view text) {
    const auto message = lorawan::decode_message(text);
    if (!message) {
        ++unreadable_;
        return;
    }
    std::map<std::string, std::int64_t> parts;
    lorawan::wire::Reader reader(*message);
    lorawan::wire::Field field;
    while (reader.read(field)) parts[part_of(field.number)] += static_cast<std::int64_t>(field.whole.size());
    if (!reader.error().empty()) {
        ++unreadable_;
        return;
    }
    ++records_;
    bytes_ += static_cast<std::int64_t>(message->size());
    for (const auto& [part, bytes] : parts) by_part_[part] += bytes;
}

}  // namespace tti::memory
