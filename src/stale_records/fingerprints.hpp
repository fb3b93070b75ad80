#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "util/siphash.hpp"

namespace tti::stale_records {

// A set of IDs in 8 bytes each. Two IDs may share a fingerprint (one chance in 2^64 for a pair): then the set
// seems to hold an ID that it does not, never the other way round.
class Fingerprints {
  public:
    void reserve(std::size_t count) { fresh_.reserve(count); }
    void add(std::string_view id);
    // To be called before size() and contains(), after what was added.
    void seal();
    [[nodiscard]] bool contains(std::string_view id) const;
    [[nodiscard]] std::size_t size() const { return sealed_.size(); }

  private:
    [[nodiscard]] bool holds(std::uint64_t fingerprint) const;

    util::SipHashKey key_ = util::random_siphash_key();
    std::vector<std::uint64_t> sealed_;  // ascending, once each
    std::vector<std::uint64_t> fresh_;
};

}  // namespace tti::stale_records
