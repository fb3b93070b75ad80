#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "key_space/walk.hpp"
#include "network_server/record_work.hpp"
#include "operation/failures.hpp"

namespace tti::network_server {

// A device in an old address layout.
struct OldMember {
    enum class Layout : std::uint8_t { set, scored, fields };
    Layout layout = Layout::set;
    std::string key;       // the old key; of `fields`: the hash, which stays
    std::string address;   // DevAddr
    bool pending = false;  // of `fields`: which hash
    std::string uid;
};

// Reads the members of old keys, a bounded amount at a time: those of sets and sorted sets all, of hashes
// those whose value is not today's MessagePack.
void read_old_members(key_space::Session& session, std::span<const key_space::FoundKey> keys,
                      operation::Failures& failures,
                      const std::function<void(const std::vector<OldMember>&)>& some);

// Brings the entries of each member's address in line with its record and takes it out of the old key, in one
// script.
class MemberConversion final : public RecordWork {
  public:
    MemberConversion(key_space::Session& session, std::span<const OldMember> members,
                     operation::Failures& failures)
        : session_(session), members_(members), failures_(failures), dropped_(members.size()) {}

    std::vector<std::optional<GuardedChange>> changes(
        std::span<const std::size_t> items, std::span<const std::optional<std::string>> values) override;
    void done(std::size_t item) override;
    void failed(std::size_t item, const std::string& reason) override;

    [[nodiscard]] std::int64_t converted() const { return converted_count_; }
    // Without a record, or one that has no such address.
    [[nodiscard]] std::int64_t dropped() const { return dropped_count_; }

  private:
    std::optional<GuardedChange> change(const OldMember& member, const std::optional<std::string>& value,
                                        bool& dropped);

    key_space::Session& session_;
    std::span<const OldMember> members_;
    operation::Failures& failures_;
    std::vector<bool> dropped_;
    std::int64_t converted_count_ = 0;
    std::int64_t dropped_count_ = 0;
};

}  // namespace tti::network_server
