#include "stale_records/fingerprints.hpp"

#include <algorithm>
#include <span>

namespace tti::stale_records {
namespace {

constexpr std::size_t near = 64;

// SipHash spreads its results evenly, so among a million one is some hundred places from where it would be if
// all were equally far apart. To look there first costs the same however many there are; halving the whole
// does not.
std::size_t expected_place(std::uint64_t fingerprint, std::size_t count) {
    return ((fingerprint >> 32U) * count) >> 32U;
}

}  // namespace

void Fingerprints::add(std::string_view id) {
    const auto fingerprint = util::siphash(key_, id);
    if (!holds(fingerprint)) fresh_.push_back(fingerprint);
}

void Fingerprints::seal() {
    std::ranges::sort(fresh_);
    fresh_.erase(std::unique(fresh_.begin(), fresh_.end()), fresh_.end());
    if (sealed_.empty()) {
        sealed_.swap(fresh_);
    } else if (!fresh_.empty()) {
        const auto middle = static_cast<std::ptrdiff_t>(sealed_.size());
        sealed_.reserve(sealed_.size() + fresh_.size());
        sealed_.insert(sealed_.end(), fresh_.begin(), fresh_.end());
        std::inplace_merge(sealed_.begin(), sealed_.begin() + middle, sealed_.end());
    }
    std::vector<std::uint64_t>().swap(fresh_);
}

bool Fingerprints::contains(std::string_view id) const {
    return holds(util::siphash(key_, id));
}

bool Fingerprints::holds(std::uint64_t fingerprint) const {
    if (sealed_.empty()) return false;
    auto low = expected_place(fingerprint, sealed_.size());
    auto high = low;
    for (auto reach = near; low > 0 && sealed_[low] > fingerprint; reach *= 2) low -= std::min(low, reach);
    for (auto reach = near; high < sealed_.size() && sealed_[high] < fingerprint; reach *= 2) {
        high += std::min(sealed_.size() - high, reach);
    }
    const auto end = std::min(high + 1, sealed_.size());
    return std::ranges::binary_search(std::span(sealed_).subspan(low, end - low), fingerprint);
}

}  // namespace tti::stale_records
