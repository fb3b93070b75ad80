#include "lorawan/wire.hpp"

namespace tti::lorawan::wire {
namespace {

constexpr std::uint32_t session = 26;          // of EndDevice
constexpr std::uint32_t pending_session = 27;  // of EndDevice
constexpr std::uint32_t started_at = 8;        // of Session

bool is_session(const Field& field) {
    return (field.number == session || field.number == pending_session) && field.type == Type::length;
}

bool is_started_at(const Field& field) {
    return field.number == started_at && field.type == Type::length;
}

// A session, or a device, whose fault is what is malformed.
struct Finding {
    bool found = false;
    std::string_view fault = {};
};

Finding find_in_session(std::string_view content) {
    Finding finding;
    Reader reader(content);
    for (Field field; reader.read(field);) {
        finding.found = finding.found || is_started_at(field);
    }
    finding.fault = reader.error();
    return finding;
}

Finding find(std::string_view end_device) {
    Finding finding;
    Reader reader(end_device);
    for (Field field; reader.read(field);) {
        if (!is_session(field)) continue;
        const Finding inner = find_in_session(field.content);
        if (!inner.fault.empty()) return inner;
        finding.found = finding.found || inner.found;
    }
    finding.fault = reader.error();
    return finding;
}

std::string session_without(std::string_view content) {
    std::string kept;
    Reader reader(content);
    for (Field field; reader.read(field);) {
        if (!is_started_at(field)) kept += field.whole;
    }
    return kept;
}

}  // namespace

Expected<std::optional<std::string>> without_started_at(std::string_view end_device) {
    const Finding finding = find(end_device);
    if (!finding.fault.empty()) return unexpected(std::string(finding.fault));
    if (!finding.found) return std::optional<std::string>();
    std::string kept;
    kept.reserve(end_device.size());
    Reader reader(end_device);
    for (Field field; reader.read(field);) {
        if (is_session(field) && find_in_session(field.content).found) {
            append_bytes(kept, field.number, session_without(field.content));
        } else {
            kept += field.whole;
        }
    }
    return std::optional<std::string>(std::move(kept));
}

}  // namespace tti::lorawan::wire
