#include "stack/version_keys.hpp"

#include <array>

namespace tti::stack {

using lorawan::KeyKind;
using operation::Area;

VersionKeys version_keys(Area area) {
    static constexpr std::array network_server{KeyKind::ns_schema_version,
                                               KeyKind::ns_uplinks_schema_version};
    static constexpr std::array application_server{KeyKind::as_schema_version};
    static constexpr std::array join_server{KeyKind::js_schema_version};
    static constexpr std::array device_claiming_server{KeyKind::dcs_schema_version};
    switch (area) {
        case Area::network_server:
            return {"ns", network_server};
        case Area::application_server:
            return {"as", application_server};
        case Area::join_server:
            return {"js", join_server};
        case Area::device_claiming_server:
            return {"dcs", device_claiming_server};
        default:
            return {};
    }
}

}  // namespace tti::stack
