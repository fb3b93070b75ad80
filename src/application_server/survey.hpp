#pragma once

#include <cstdint>

#include "key_space/session.hpp"
#include "operation/failures.hpp"

namespace tti::application_server {

// What a walk over the database finds, without changing anything.
struct Survey {
    std::int64_t devices = 0;
    std::int64_t to_change = 0;
    operation::Failures broken;
    std::int64_t legacy_lists = 0;  // of uplinks, which nothing has written since release 3.27
    bool estimate = false;          // devices and to_change are the sample's, times the size of the database
};

// Reads every end device's record.
Survey survey(key_space::Session& session);
// Reads those among the first few thousand keys, which SCAN gives in an order as good as random. Exact where
// that is the whole database.
Survey sample(key_space::Session& session);

}  // namespace tti::application_server
