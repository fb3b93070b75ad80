#include "join_server/session_keys.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <tuple>
#include <vector>

#include "join_server/session_key_id.hpp"

namespace tti::join_server {
namespace {

// An entry of the spool: both EUIs, the length of the ID, the ID. What is no session key has a mark there
// that is no ID.
constexpr std::string_view list_mark = ".";
constexpr std::string_view device_mark = "-";
constexpr std::size_t head_bytes = 17;
constexpr std::int64_t typical_entry_bytes = head_bytes + 22;
constexpr std::int64_t partition_bytes = std::int64_t{1} << 19U;
constexpr std::int64_t most_partitions = 4096;
constexpr std::size_t most_memory = std::size_t{4} << 20U;

std::size_t partitions_for(std::int64_t expected) {
    const auto wanted =
        std::clamp(expected * typical_entry_bytes / partition_bytes, std::int64_t{1}, most_partitions);
    return std::bit_ceil(static_cast<std::size_t>(wanted));
}

std::uint64_t mixed(const EuiPair& pair) {
    constexpr std::uint64_t multiplier = 0x9E3779B97F4A7C15U;  // 2^64 / golden ratio
    return (pair.dev_eui.value ^ std::rotl(pair.join_eui.value, 32)) * multiplier;
}

std::size_t partition_of(const EuiPair& pair, std::size_t partitions) {
    return (mixed(pair) >> 40U) & (partitions - 1);
}

struct Entry {
    EuiPair pair;
    std::string_view id;
};

Entry next_entry(std::string_view& bytes) {
    Entry entry;
    std::memcpy(&entry.pair.join_eui.value, bytes.data(), 8);
    std::memcpy(&entry.pair.dev_eui.value, bytes.data() + 8, 8);
    const auto size = static_cast<std::uint8_t>(bytes[head_bytes - 1]);
    entry.id = bytes.substr(head_bytes, size);
    bytes.remove_prefix(head_bytes + size);
    return entry;
}

// The entries of one partition by pair, in the order in which the pairs were met. Its memory is used again
// for the next partition.
class Groups {
  public:
    std::span<const PairKeys> of(std::string_view bytes) {
        read(bytes);
        gather();
        return pairs_;
    }

  private:
    struct Group {
        EuiPair pair;
        std::size_t ids = 0;
        bool listed = false;
        bool has_device = false;
    };
    struct Known {
        std::uint32_t group;
        std::string_view id;
    };
    static constexpr std::uint32_t none = UINT32_MAX;

    void read(std::string_view bytes) {
        // Twice as many as entries, whose heads alone take so many bytes.
        table_.assign(std::bit_ceil(2 * bytes.size() / head_bytes + 1), none);
        groups_.clear();
        known_.clear();
        while (!bytes.empty()) {
            const auto entry = next_entry(bytes);
            const auto number = group_of(entry.pair);
            auto& group = groups_[number];
            group.listed = group.listed || entry.id == list_mark;
            group.has_device = group.has_device || entry.id == device_mark;
            if (entry.id == list_mark || entry.id == device_mark) continue;
            ++group.ids;
            known_.push_back({number, entry.id});
        }
    }

    std::uint32_t group_of(const EuiPair& pair) {
        auto place = (mixed(pair) >> 20U) & (table_.size() - 1);
        while (table_[place] != none && groups_[table_[place]].pair != pair) {
            place = (place + 1) & (table_.size() - 1);
        }
        if (table_[place] == none) {
            table_[place] = static_cast<std::uint32_t>(groups_.size());
            groups_.push_back({.pair = pair});
        }
        return table_[place];
    }

    void gather() {
        ids_.resize(known_.size());
        ends_.clear();
        std::size_t begin = 0;
        for (const auto& group : groups_) {
            ends_.push_back(begin);
            begin += group.ids;
        }
        for (const auto& [group, id] : known_) ids_[ends_[group]++] = id;
        pairs_.clear();
        for (std::size_t number = 0; number < groups_.size(); ++number) {
            const auto& group = groups_[number];
            const auto ids = std::span(ids_).subspan(ends_[number] - group.ids, group.ids);
            std::ranges::sort(ids, is_older);
            const auto size = static_cast<std::size_t>(std::unique(ids.begin(), ids.end()) - ids.begin());
            if (size == 0 && !group.listed) continue;
            pairs_.push_back({group.pair, ids.first(size), group.listed, group.has_device});
        }
    }

    std::vector<std::uint32_t> table_;  // of groups, by their pairs
    std::vector<Group> groups_;
    std::vector<Known> known_;
    std::vector<std::string_view> ids_;
    std::vector<std::size_t> ends_;  // of each group's part of ids_
    std::vector<PairKeys> pairs_;
};

}  // namespace

std::string text(const EuiPair& pair) {
    return text(pair.join_eui) + ":" + text(pair.dev_eui);
}

SessionKeys::SessionKeys(std::int64_t expected) : spool_(partitions_for(expected), most_memory) {}

void SessionKeys::add(const EuiPair& pair, std::string_view id) {
    append(pair, id);
}

void SessionKeys::add_list(const EuiPair& pair) {
    append(pair, list_mark);
}

void SessionKeys::add_device(const EuiPair& pair) {
    append(pair, device_mark);
}

void SessionKeys::append(const EuiPair& pair, std::string_view id) {
    std::array<char, head_bytes + 255> entry{};
    std::memcpy(entry.data(), &pair.join_eui.value, 8);
    std::memcpy(entry.data() + 8, &pair.dev_eui.value, 8);
    entry[head_bytes - 1] = static_cast<char>(id.size());
    std::ranges::copy(id, entry.begin() + head_bytes);
    spool_.append(partition_of(pair, spool_.partitions()), {entry.data(), head_bytes + id.size()});
}

void SessionKeys::for_each(const std::function<void(std::span<const PairKeys>)>& each) const {
    std::string bytes;
    Groups groups;
    for (std::size_t partition = 0; partition < spool_.partitions(); ++partition) {
        spool_.read(partition, bytes);
        const auto pairs = groups.of(bytes);
        if (!pairs.empty()) each(pairs);
    }
}

}  // namespace tti::join_server
