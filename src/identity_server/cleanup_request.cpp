#include "identity_server/cleanup_request.hpp"

#include <fmt/format.h>

#include "identity_server/command_parts.hpp"
#include "settings/bad_value.hpp"

namespace tti::identity_server {
namespace {

constexpr std::chrono::minutes shortest_restore{1};
constexpr std::int64_t largest_batch = 1'000'000;

// The stack takes a bare 24 for 24 nanoseconds, and what it cannot read for none: then everything would go.
std::chrono::nanoseconds restore_time(const settings::Values& values) {
    const auto restore = values.duration("is.delete.restore");
    if (restore < shortest_restore) {
        throw settings::bad_value(
            values, "is.delete.restore", values.display("is.delete.restore", false),
            "accepted: a duration of at least 1m, such as 24h",
            "Set it with a unit; it says for how long a deleted entity can be restored.");
    }
    return restore;
}

std::int64_t batch_size(const settings::Values& values) {
    const auto size = values.integer("batch");
    if (size < 1 || size > largest_batch) {
        throw settings::bad_value(values, "batch", std::to_string(size),
                                  fmt::format("accepted: 1 to {}", largest_batch), {});
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
