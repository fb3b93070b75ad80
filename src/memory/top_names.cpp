#include "memory/top_names.hpp"

#include <algorithm>
#include <tuple>

namespace tti::memory {
namespace {

bool heavier(const TopNames::Name& a, const TopNames::Name& b) {
    return std::tie(a.bytes, a.keys, b.name) > std::tie(b.bytes, b.keys, a.name);
}

}  // namespace

void TopNames::add(std::string_view name, std::int64_t keys, std::int64_t bytes) {
    auto found = names_.find(name);
    if (found == names_.end()) {
        if (names_.size() >= 2 * kept_) forget_lighter_half();
        found = names_.emplace(name, Weight{}).first;
    }
    found->second.keys += keys;
    found->second.bytes += bytes;
}

void TopNames::forget_lighter_half() {
    const auto heavy = top(kept_);
    names_.clear();
    for (const auto& one : heavy) names_.emplace(one.name, Weight{one.keys, one.bytes});
    exact_ = false;
}

std::vector<TopNames::Name> TopNames::top(std::size_t most) const {
    std::vector<Name> all;
    all.reserve(names_.size());
    for (const auto& [name, weight] : names_) all.push_back({name, weight.keys, weight.bytes});
    const auto count = static_cast<std::ptrdiff_t>(std::min(most, all.size()));
    std::partial_sort(all.begin(), all.begin() + count, all.end(), heavier);
    all.resize(static_cast<std::size_t>(count));
    return all;
}

}  // namespace tti::memory
