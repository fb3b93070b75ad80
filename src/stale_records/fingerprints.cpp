#include "stale_records/fingerprints.hpp"

#include <algorithm>

namespace tti::stale_records {

void Fingerprints::add(std::string_view id) {
    const auto fingerprint = util::siphash(key_, id);
    if (!holds(fingerprint)) fresh_.push_back(fingerprint);
}

void Fingerprints::seal() {
    std::ranges::sort(fresh_);
    fresh_.erase(std::ranges::unique(fresh_).begin(), fresh_.end());
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
    return std::ranges::binary_search(sealed_, fingerprint);
}

}  // namespace tti::stale_records
