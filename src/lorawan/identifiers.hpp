#pragma once

#include <string>
#include <string_view>

#include "util/expected.hpp"

namespace tti::lorawan {

// ^[a-z0-9](?:[-]?[a-z0-9]){2,}$, at most 36: applications, end devices, gateways, webhooks, pub/subs.
bool is_id(std::string_view text);

// An end device within the stack: "<application ID>.<device ID>".
struct DeviceUid {
    std::string application_id;
    std::string device_id;
    auto operator<=>(const DeviceUid&) const = default;
};
std::string text(const DeviceUid& uid);
// Splits at the first dot; both halves must be IDs.
Expected<DeviceUid> parse_device_uid(std::string_view text);
bool is_device_uid(std::string_view text);

}  // namespace tti::lorawan
