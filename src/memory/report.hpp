#pragma once

#include <span>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "memory/findings.hpp"
#include "memory/gains.hpp"

namespace tti::memory {

// What one server holds.
struct Place {
    std::string name;     // "redis", "cache.redis"
    std::string address;  // as Target::display()
    std::string version;
    std::int64_t used_memory = 0;
    Findings findings;
    Gains gains = {};  // of redis alone, as the commands work there
};

std::string to_text(std::span<const Place> places, std::size_t most_applications);
nlohmann::json to_json(std::span<const Place> places, std::size_t most_applications);

}  // namespace tti::memory
