#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "memory/due.hpp"
#include "memory/findings.hpp"

namespace tti::memory {

// What a command would free: keys that go whole, and entries of queues that stay.
struct Gain {
    std::int64_t keys = 0;
    std::int64_t entries = 0;
    std::int64_t bytes = 0;  // judged by what keys of the kind take on average
    // Keys and entries are counted as the command's own plan counts them; else they are the most there can
    // be.
    bool exact = true;
};
// By command: "ns-db purge", "js-db migrate --force" where its version is recorded. Cleanups are told for
// what belongs to nothing; which end devices the Identity Server does not know any more is not known here.
using Gains = std::map<std::string, Gain>;
Gains gains(const Findings& findings, const Due& due);

}  // namespace tti::memory
