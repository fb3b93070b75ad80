#include "identity_server/cleanup_request.hpp"

#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "identity_server/command_parts.hpp"
#include "operation/undo_place.hpp"
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

std::optional<DeletionLimit> limit(const settings::Values& values) {
    const auto text = given_text(values, "max-delete");
    if (!text) {
        return std::nullopt;
    }
    const auto parsed = parse_deletion_limit(*text);
    if (!parsed) {
        throw UsageError(fmt::format("option max-delete = \"{}\" ({}): {}", *text,
                                     values.source("max-delete").where, parsed.error()));
    }
    return *parsed;
}

std::int64_t batch_size(const settings::Values& values) {
    const auto size = values.integer("batch");
    if (size < 1 || size > largest_batch) {
        throw UsageError(fmt::format("option batch = {} ({}): accepted: 1 to {}", size,
                                     values.source("batch").where, largest_batch));
    }
    return size;
}

std::filesystem::path undo_folder(const settings::Values& values,
                                  const settings::Surroundings& surroundings) {
    if (const auto given = given_text(values, "undo-to")) {
        if (given->empty()) {
            throw UsageError("option undo-to is empty", "Name a folder, or use --no-undo.");
        }
        return surroundings.working_directory / *given;
    }
    return operation::in_container(surroundings, "/") ? std::filesystem::path()
                                                      : operation::default_undo_folder(surroundings);
}

}  // namespace

bool DeletionLimit::allows(std::int64_t going, std::int64_t of) const {
    const auto rows = static_cast<double>(going);
    return share ? rows * 100 <= value * static_cast<double>(of) : rows <= value;
}

Expected<DeletionLimit> parse_deletion_limit(std::string_view text) {
    DeletionLimit result{.text = std::string(text)};
    result.share = text.ends_with('%');
    const auto number = text.substr(0, text.size() - (result.share ? 1 : 0));
    const auto [end, error] =
        std::from_chars(number.data(), number.data() + number.size(), result.value, std::chars_format::fixed);
    const bool whole = result.share || std::floor(result.value) == result.value;
    const bool in_range = result.value >= 0 && (!result.share || result.value <= 100);
    if (error != std::errc() || end != number.data() + number.size() || !std::isfinite(result.value) ||
        !whole || !in_range) {
        return unexpected("accepted: a number of rows such as 500, or a share such as 5%");
    }
    return result;
}

CleanupRequest cleanup_request(const settings::Values& values, const settings::Surroundings& surroundings) {
    require_at_most_one(values, {"tenant-id", "all-tenants"});
    require_at_most_one(values, {"undo-to", "no-undo"});
    CleanupRequest request{.restore = restore_time(values),
                           .restore_text = values.display("is.delete.restore", false),
                           .limit = limit(values),
                           .batch = batch_size(values),
                           .keeps_undo = !values.boolean("no-undo")};
    if (request.keeps_undo) {
        request.undo_folder = undo_folder(values, surroundings);
    }
    return request;
}

}  // namespace tti::identity_server
