#pragma once

#include <string>
#include <vector>

#include "lorawan/keys.hpp"
#include "operation/area.hpp"
#include "settings/values.hpp"

namespace tti::stale_records {

// What a server keeps of devices and applications.
struct Scope {
    operation::Area area;
    std::string command;                     // "ns-db cleanup"
    lorawan::KeyKind device;                 // the record of an end device
    std::vector<lorawan::KeyKind> records;   // by key: the first part is a device UID or an application ID
    std::vector<lorawan::KeyKind> pointers;  // by value: a device UID, whose record is of kind `device`
    std::vector<lorawan::KeyKind> session_keys;  // by EUIs
    bool uplink_queue = false;

    // Of a record that belongs to an application.
    [[nodiscard]] bool needs_applications() const;
};
Scope network_server_scope();
// Webhooks are looked at only where as.webhooks.target is set, as the stack does.
Scope application_server_scope(const settings::Values& values);
Scope join_server_scope();

// Whether the owner of a record is an end device ("app1.dev1"), not an application.
bool is_device(std::string_view owner);

}  // namespace tti::stale_records
