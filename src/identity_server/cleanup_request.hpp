#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "settings/resolve.hpp"
#include "util/expected.hpp"

namespace tti::identity_server {

// The most that may go: a number of rows, or a share of the rows that a table has.
struct DeletionLimit {
    std::string text;  // as given
    bool share = false;
    double value = 0;  // rows, or percent

    [[nodiscard]] bool allows(std::int64_t going, std::int64_t of) const;
};
Expected<DeletionLimit> parse_deletion_limit(std::string_view text);

// What the flags and settings of is-db cleanup ask for.
struct CleanupRequest {
    std::chrono::nanoseconds restore{};  // how long an entity can be restored
    std::string restore_text;            // "24h0m0s"
    std::optional<DeletionLimit> limit;
    std::int64_t batch = 0;
    bool keeps_undo = true;
    std::filesystem::path undo_folder;  // empty: there is no place that lasts
};

// Rows per transaction where --batch is not given.
inline constexpr std::int64_t default_batch = 10'000;

// Throws UsageError with the option, its source and what is accepted.
CleanupRequest cleanup_request(const settings::Values& values, const settings::Surroundings& surroundings);

}  // namespace tti::identity_server
