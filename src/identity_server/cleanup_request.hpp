#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "operation/deletion_limit.hpp"
#include "settings/values.hpp"

namespace tti::identity_server {

// What the flags and settings of is-db cleanup ask for.
struct CleanupRequest {
    std::chrono::nanoseconds restore{};  // how long an entity can be restored
    std::string restore_text;            // "24h0m0s"
    std::optional<operation::DeletionLimit> limit;
    std::int64_t batch = 0;
};

// Rows per transaction where --batch is not given.
inline constexpr std::int64_t default_batch = 10'000;

// Throws UsageError with the option, its source and what is accepted.
CleanupRequest cleanup_request(const settings::Values& values);

}  // namespace tti::identity_server
