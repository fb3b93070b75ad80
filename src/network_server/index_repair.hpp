#pragma once

#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "network_server/index_claims.hpp"
#include "network_server/index_difference.hpp"
#include "network_server/record_work.hpp"

namespace tti::network_server {

using Repaired = std::function<void(Nature, IndexKind)>;

// Makes the index entries of records as they must be. Conflicts are left alone.
class EntryRepair final : public RecordWork {
  public:
    // `uids` stand in the order of the keys that are settled.
    EntryRepair(key_space::Session& session, std::span<const std::string> uids, operation::Failures& failures,
                Repaired repaired)
        : session_(session),
          uids_(uids),
          failures_(failures),
          repaired_(std::move(repaired)),
          written_(uids.size()) {}

    std::vector<std::optional<GuardedChange>> changes(
        std::span<const std::size_t> items, std::span<const std::optional<std::string>> values) override;
    void done(std::size_t item) override;
    void failed(std::size_t item, const std::string& reason) override;

  private:
    key_space::Session& session_;
    std::span<const std::string> uids_;
    operation::Failures& failures_;
    Repaired repaired_;
    std::vector<std::vector<std::pair<Nature, IndexKind>>> written_;
};

// Takes entries out of the indexes that their records do not have.
class ClaimRemoval final : public RecordWork {
  public:
    ClaimRemoval(key_space::Session& session, std::span<const Claim> claims, operation::Failures& failures,
                 Repaired repaired)
        : session_(session), claims_(claims), failures_(failures), repaired_(std::move(repaired)) {}

    std::vector<std::optional<GuardedChange>> changes(
        std::span<const std::size_t> items, std::span<const std::optional<std::string>> values) override;
    void done(std::size_t item) override;
    void failed(std::size_t item, const std::string& reason) override;

  private:
    std::vector<bool> still_there(std::span<const std::size_t> items);

    key_space::Session& session_;
    std::span<const Claim> claims_;
    operation::Failures& failures_;
    Repaired repaired_;
};

// Whether the record of that value lacks the entry. One that cannot be read may have it.
bool lacks(const lorawan::Keys& keys, const IndexEntry& entry, const std::optional<std::string>& value);

}  // namespace tti::network_server
