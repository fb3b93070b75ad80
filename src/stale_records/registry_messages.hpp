#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "util/expected.hpp"

namespace tti::stale_records {

// Requests to the Identity Server's registries and what they answer, as protobuf. Only ids are asked for.
std::string list_devices_request(std::string_view order, std::uint64_t limit, std::uint64_t page);
std::string list_applications_request(std::string_view order, std::uint64_t limit, std::uint64_t page,
                                      bool deleted);
std::string get_device_request(std::string_view uid);

struct ListedDevice {
    std::string uid;
    std::string eui_pair;  // "JoinEUI:DevEUI"; empty where it has not both
};
// How many there were; an error where the message is malformed or one has no ID.
Expected<std::size_t> read_devices(std::string_view message,
                                   const std::function<void(const ListedDevice&)>& each);
Expected<std::size_t> read_applications(std::string_view message,
                                        const std::function<void(std::string_view)>& each);

}  // namespace tti::stale_records
