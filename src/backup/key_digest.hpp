#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "backup/key_file.hpp"

namespace tti::backup {

// 64 bits over what a payload of DUMP holds. Large sets and hashes come in an order that is the server
// process's own, so their elements count whatever their order; the payload's end (version and checksum of
// Redis' own) does not count. Not against somebody who means to deceive: for that there are the files'
// checksums.
std::uint64_t payload_digest(std::string_view payload);

// Whether two releases of Redis write values in one form: 7.0.4 and 7.0.15 do.
bool write_alike(const std::string& version, const std::string& other_version);

// Keys, whatever their order.
class KeySum {
  public:
    void add(const ArchivedKey& key);
    void remove(const ArchivedKey& key);
    [[nodiscard]] std::int64_t keys() const { return keys_; }
    [[nodiscard]] std::int64_t with_expiry() const { return with_expiry_; }
    [[nodiscard]] std::string digest() const;  // 16 hex digits
    bool operator==(const KeySum&) const = default;

  private:
    friend class DistinctKeys;
    std::uint64_t sum_ = 0;
    std::int64_t keys_ = 0;
    std::int64_t with_expiry_ = 0;
};

// Keys that may come twice, since SCAN may give one twice: the later one counts. Takes 24 bytes a key.
class DistinctKeys {
  public:
    void add(const ArchivedKey& key);
    KeySum sum();

  private:
    struct Seen {
        std::uint64_t key = 0;
        std::uint64_t digest = 0;
        bool expires = false;
    };
    std::vector<Seen> seen_;
};

}  // namespace tti::backup
