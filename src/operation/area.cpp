#include "operation/area.hpp"

#include <array>
#include <stdexcept>

namespace tti::operation {
namespace {

struct Names {
    Area area;
    std::string_view name;
    std::string_view words;
};
constexpr std::array<Names, 7> areas{{
    {Area::identity_server, "is", "the Identity Server database"},
    {Area::network_server, "ns", "the Network Server database"},
    {Area::application_server, "as", "the Application Server database"},
    {Area::join_server, "js", "the Join Server database"},
    {Area::device_claiming_server, "dcs", "the Device Claiming Server database"},
    {Area::storage_integration, "storage", "the database of stored messages"},
    {Area::network_operations_center, "noc", "the database of the Network Operations Center"},
}};

const Names& names(Area area) {
    for (const auto& entry : areas) {
        if (entry.area == area) return entry;
    }
    throw std::logic_error("an area without names");
}

}  // namespace

std::string_view describe(Area area) {
    return names(area).name;
}

std::string_view words(Area area) {
    return names(area).words;
}

}  // namespace tti::operation
