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

std::size_t partition_of(const EuiPair& pair, std::size_t partitions) {
    constexpr std::uint64_t multiplier = 0x9E3779B97F4A7C15U;  // 2^64 / golden ratio
    const auto mixed = (pair.dev_eui.value ^ std::rotl(pair.join_eui.value, 32)) * multiplier;
    return (mixed >> 40U) & (partitions - 1);
}

struct Entry {
    EuiPair pair;
    std::string_view id;
};

std::vector<Entry> entries_of(std::string_view bytes) {
    std::vector<Entry> entries;
    entries.reserve(bytes.size() / static_cast<std::size_t>(typical_entry_bytes));
    while (!bytes.empty()) {
        Entry entry;
        std::memcpy(&entry.pair.join_eui.value, bytes.data(), 8);
        std::memcpy(&entry.pair.dev_eui.value, bytes.data() + 8, 8);
        const auto size = static_cast<std::uint8_t>(bytes[head_bytes - 1]);
        entry.id = bytes.substr(head_bytes, size);
        entries.push_back(entry);
        bytes.remove_prefix(head_bytes + size);
    }
    return entries;
}

bool same_pair(const Entry& a, const Entry& b) {
    return a.pair == b.pair;
}

// Of the entries of one pair. Its IDs are appended to `ids`, which has room for them.
PairKeys gather(std::span<const Entry> entries, std::vector<std::string_view>& ids) {
    const auto begin = static_cast<std::ptrdiff_t>(ids.size());
    PairKeys keys{.pair = entries.front().pair};
    for (const auto& entry : entries) {
        if (entry.id == list_mark) {
            keys.listed = true;
        } else if (entry.id == device_mark) {
            keys.has_device = true;
        } else {
            ids.push_back(entry.id);
        }
    }
    std::sort(ids.begin() + begin, ids.end(), is_older);
    ids.erase(std::unique(ids.begin() + begin, ids.end()), ids.end());
    keys.ids = std::span(ids).subspan(static_cast<std::size_t>(begin));
    return keys;
}

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
    std::array<char, head_bytes + 255> entry;
    std::memcpy(entry.data(), &pair.join_eui.value, 8);
    std::memcpy(entry.data() + 8, &pair.dev_eui.value, 8);
    entry[head_bytes - 1] = static_cast<char>(id.size());
    std::ranges::copy(id, entry.begin() + head_bytes);
    spool_.append(partition_of(pair, spool_.partitions()), {entry.data(), head_bytes + id.size()});
}

void SessionKeys::for_each(const std::function<void(std::span<const PairKeys>)>& each) const {
    std::vector<std::string_view> ids;
    std::vector<PairKeys> pairs;
    for (std::size_t partition = 0; partition < spool_.partitions(); ++partition) {
        const auto bytes = spool_.read(partition);
        auto entries = entries_of(bytes);
        std::ranges::sort(entries, {}, &Entry::pair);
        ids.clear();
        ids.reserve(entries.size());  // so that the spans stay
        pairs.clear();
        for (auto begin = entries.begin(); begin != entries.end();) {
            const auto end = std::find_if_not(
                begin, entries.end(), [&begin](const Entry& entry) { return same_pair(*begin, entry); });
            const auto keys = gather({begin, end}, ids);
            if (keys.listed || !keys.ids.empty()) pairs.push_back(keys);
            begin = end;
        }
        if (!pairs.empty()) each(pairs);
    }
}

}  // namespace tti::join_server
