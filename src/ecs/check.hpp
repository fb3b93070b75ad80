#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tti::ecs {

enum class Verdict : std::uint8_t {
    ok,
    warning,  // works now, and may not tomorrow
    problem,  // a task would not start, or would fail
    unknown,  // could not be looked at
};
std::string_view describe(Verdict verdict);  // "not known"

// One thing that was looked at before a task is started.
struct Check {
    std::string topic;  // "image"
    Verdict verdict = Verdict::ok;
    std::string evidence;   // what was seen
    std::string hint = {};  // a sentence; empty where all is well
    bool operator==(const Check&) const = default;
};
using Checks = std::vector<Check>;

}  // namespace tti::ecs
