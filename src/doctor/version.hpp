#pragma once

#include <compare>
#include <string_view>

namespace tti::doctor {

struct Version {
    int major = 0;
    int minor = 0;
    int patch = 0;

    auto operator<=>(const Version&) const = default;
};
// "7.0.15", "2.13.1-dev"; what is not there is zero.
Version version_of(std::string_view text);

}  // namespace tti::doctor
