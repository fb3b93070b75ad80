#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lorawan/mutex.hpp"
#include "redis/connection.hpp"

namespace tti::network_server {

using Words = std::vector<std::string>;

// Another reading command that must still answer the same; nothing stands for a nil reply.
struct Check {
    Words command;
    std::optional<std::string> answer;
};

// Writes that follow from the value of one record. They are done together, and only while nobody holds the
// record's mutex, its value is the one that was read, and every check holds.
struct GuardedChange {
    std::string record;                // the key
    std::optional<std::string> value;  // nothing: there must be none
    std::vector<Check> checks;
    std::vector<Words> writes;
};

struct ChangeResult {
    lorawan::Guarded outcome = lorawan::Guarded::done;
    std::string error;  // as the server said it; then nothing counts but this
};

// All of them in few round trips; a script runs whole, so no server of the stack can come in between. With
// `owner`, who holds the mutex (see lorawan::Mutex), its holding does not count as busy.
std::vector<ChangeResult> apply(redis::Connection& connection, std::span<const GuardedChange> changes,
                                std::string_view owner = {});

}  // namespace tti::network_server
