#include "memory/gains.hpp"

#include <array>

namespace tti::memory {
namespace {

using enum lorawan::KeyKind;

// Kinds that no release of today reads: all of their keys go.
constexpr std::array legacy{ns_device_fields_3_10,      ns_address_before_3_10,      ns_address_16_bit,
                            ns_address_32_bit,          ns_device_last_invalidation, ns_last_invalidation,
                            ns_legacy_uplinks,          ns_legacy_invalidation,      ns_legacy_join_accept,
                            ns_legacy_application_task, as_legacy_uplinks,           dcs_any};

std::int64_t share(std::int64_t bytes, std::int64_t part, std::int64_t whole) {
    if (whole <= 0) return 0;
    return static_cast<std::int64_t>(static_cast<double>(bytes) * static_cast<double>(part) /
                                     static_cast<double>(whole));
}

}  // namespace

std::map<std::string, Gain> gains(const Findings& findings) {
    std::map<std::string, Gain> result;
    const auto of = [&](lorawan::KeyKind kind) -> Gain& {
        return result[std::string(lorawan::rule(kind).freed_by)];
    };
    for (const auto kind : legacy) {
        const auto found = findings.kinds.find(kind);
        if (found == findings.kinds.end() || found->second.keys == 0) continue;
        of(kind).keys += found->second.keys;
        of(kind).bytes += found->second.all_bytes();
    }
    for (const auto& [kind, orphans] : findings.orphans) {
        const auto& totals = findings.kinds.at(kind);
        of(kind).keys += totals.scaled(orphans.keys);
        of(kind).bytes += totals.scaled(orphans.bytes);
    }
    for (const auto& [kind, dead] : findings.dead_entries) {
        const auto& totals = findings.kinds.at(kind);
        of(kind).entries += dead;
        of(kind).bytes += share(totals.bytes, dead, totals.entries);
    }
    return result;
}

}  // namespace tti::memory
