#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "doctor/finding.hpp"
#include "redis/server_info.hpp"

namespace tti::doctor {

// What Redis tells in INFO, judged without it. `connection` is what the settings call it: "redis".
using redis::InfoFields;

Findings judge_redis_version(const InfoFields& info);
Findings judge_eviction(const InfoFields& info);
// `save` is the setting of that name; empty where the server does not tell it.
Findings judge_persistence(const InfoFields& info, const std::optional<std::string>& save);
Findings judge_memory(const InfoFields& info);
Findings judge_replication(const InfoFields& info, std::string_view connection);

// What every key of the stack begins with before its own parts, by a sample of keys: "ttn:v3" for most of
// them; empty where the sample has no key of the stack.
std::string most_common_name_space(std::span<const std::string> keys);

}  // namespace tti::doctor
