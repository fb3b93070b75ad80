#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "key_space/session.hpp"
#include "key_space/walk.hpp"

namespace tti::device_claiming_server {

// What is left below "dcs", by the name that follows it ("authorized-applications").
struct LeftOver {
    std::map<std::string, std::int64_t> by_name;
    std::int64_t keys = 0;
    // Names above `most_names` are counted here alone.
    std::int64_t under_other_names = 0;
};
inline constexpr std::size_t most_names = 50;

// Counts in one SCAN, reading only.
LeftOver count_left_over(key_space::Session& session);
// A line for each name.
std::string describe(const LeftOver& left_over);

// Whether these are rather the keys of a tenant "dcs" than of the Device Claiming Server.
bool looks_like_a_tenant(key_space::Session& session, const key_space::FoundKey& found);

}  // namespace tti::device_claiming_server
