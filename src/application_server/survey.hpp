#pragma once

#include <cstdint>

#include "key_space/session.hpp"
#include "operation/failures.hpp"

namespace tti::application_server {

// What one walk over the database finds, without changing anything.
struct Survey {
    std::int64_t devices = 0;
    std::int64_t to_change = 0;
    operation::Failures broken;
    std::int64_t legacy_lists = 0;  // of uplinks, which nothing has written since release 3.27
};

// Reads every end device's record.
Survey survey(key_space::Session& session);

}  // namespace tti::application_server
