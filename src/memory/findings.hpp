#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "lorawan/keys.hpp"
#include "memory/record_parts.hpp"
#include "memory/top_names.hpp"

namespace tti::memory {

// A number that may be known of some keys only: what was measured, of how many.
struct Totals {
    std::int64_t keys = 0;
    std::int64_t measured = 0;
    std::int64_t bytes = 0;    // of those that were measured
    std::int64_t entries = 0;  // in their streams, lists, sets and hashes; the same
    [[nodiscard]] std::int64_t scaled(std::int64_t number) const;
    [[nodiscard]] std::int64_t all_bytes() const { return scaled(bytes); }
    [[nodiscard]] std::int64_t all_entries() const { return scaled(entries); }
};

// Keys of a kind that belong to nothing any more, among those that were measured.
struct Orphans {
    std::int64_t keys = 0;
    std::int64_t bytes = 0;
};

// What one pass has found. Its size does not depend on the number of keys.
struct Findings {
    std::map<lorawan::KeyKind, Totals> kinds;
    std::map<lorawan::KeyKind, Orphans> orphans;
    // Members of the DevAddr indexes without an end device, among those that were looked at.
    std::int64_t current_without_device = 0;
    std::int64_t pending_without_device = 0;
    RecordParts records;
    TopNames applications;
    Totals unknown;
    TopNames unknown_prefixes{200};
    Totals tenants;
    TopNames tenant_names{200};

    [[nodiscard]] std::int64_t keys() const;
    [[nodiscard]] std::int64_t bytes() const;
};

}  // namespace tti::memory
