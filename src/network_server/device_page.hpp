#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "key_space/session.hpp"
#include "lorawan/message_json.hpp"

namespace tti::network_server {

// What the Network Server has of a device, for people: record, index entries, queues and tasks. `found` is
// false where there is nothing but queued entries of that name.
struct DevicePage {
    nlohmann::ordered_json data;
    bool found = false;
};
DevicePage device_page(key_space::Session& session, const std::string& uid, lorawan::Secrets secrets);

}  // namespace tti::network_server
