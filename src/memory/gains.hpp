#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "memory/findings.hpp"

namespace tti::memory {

// What a command would free: keys that go whole, and entries of queues that stay.
struct Gain {
    std::int64_t keys = 0;
    std::int64_t entries = 0;
    std::int64_t bytes = 0;  // of the keys, and of the entries by their share of the queue
};
// By command: "ns-db purge". Cleanups are told for what belongs to nothing; which end devices the Identity
// Server does not know any more is not known here.
std::map<std::string, Gain> gains(const Findings& findings);

}  // namespace tti::memory
