#include "identity_server/cleanup_request.hpp"

#include <fmt/format.h>

#include "identity_server/command_parts.hpp"
#include "util/error.hpp"

namespace tti::identity_server {
namespace {

constexpr std::chrono::minutes shortest_restore{1};
constexpr std::int64_t largest_batch = 1'000'000;

// The stack takes a bare 24 for 24 nanoseconds, and what it cannot read for none: then everything would go.
std::chrono::nanoseconds restore_time(const settings::Values& values) {
    const auto restore = values.duration("is.delete.restore");
    if (restore < shortest_restore) {
        throw UsageError(
            fmt::format(
                "option is.delete.restore = {} ({}): accepted: a duration of at least 1m, such as 24h",
                values.display("is.delete.restore", false), values.source("is.delete.restore").where),
            "Set it with a unit; it says for how long a deleted entity can be restored.");
    }
    return restore;
}

std::int64_t batch_size(const settings::Values& values) {
    const auto size = values.integer("batch");
    if (size < 1 || size > largest_batch) {
        throw UsageError(fmt::format("option batch = {} ({}): accepted: 1 to {}", size,
                                     values.source("batch").where, largest_batch));
    }
    return size;
}

}  // namespace

CleanupRequest cleanup_request(const settings::Values& values) {
    require_at_most_one(values, {"tenant-id", "all-tenants"});
    return {.restore = restore_time(values),
            .restore_text = values.display("is.delete.restore", false),
            .limit = operation::deletion_limit(values),
            .batch = batch_size(values)};
}

}  // namespace tti::identity_server
