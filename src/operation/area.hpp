#pragma once

#include <string_view>

namespace tti::operation {

// Which database a lock and a journal record are about. The numbers are the second key of the advisory lock
// and must never change: builds of different age exclude each other by them.
enum class Area : int {
    identity_server = 1,
    network_server = 2,
    application_server = 3,
    join_server = 4,
    device_claiming_server = 5,
    storage_integration = 6,
    network_operations_center = 7,
};
// As it stands in records, keys and files: "is", "ns", "as", "js", "dcs", "storage", "noc".
std::string_view describe(Area area);
// "the Network Server database".
std::string_view words(Area area);

}  // namespace tti::operation
