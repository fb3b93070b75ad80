#include "memory/findings.hpp"

#include <cmath>

namespace tti::memory {

std::int64_t Totals::scaled(std::int64_t number) const {
    if (measured == 0 || measured == keys) return number;
    return std::llround(static_cast<double>(number) * static_cast<double>(keys) /
                        static_cast<double>(measured));
}

std::int64_t Findings::keys() const {
    auto sum = unknown.keys + tenants.keys;
    for (const auto& [kind, totals] : kinds) sum += totals.keys;
    return sum;
}

std::int64_t Findings::bytes() const {
    auto sum = unknown.all_bytes() + tenants.all_bytes();
    for (const auto& [kind, totals] : kinds) sum += totals.all_bytes();
    return sum;
}

}  // namespace tti::memory
