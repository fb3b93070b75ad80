#include "network_server/index_repair.hpp"

namespace tti::network_server {

using lorawan::KeyKind;

std::vector<std::optional<GuardedChange>> EntryRepair::changes(
    std::span<const std::size_t> items, std::span<const std::optional<std::string>> values) {
    std::vector<IndexEntry> entries;
    std::vector<std::size_t> owners;  // of each entry, its place in `items`
    for (std::size_t place = 0; place < items.size(); ++place) {
        written_[items[place]].clear();
        if (!values[place]) continue;
        auto found = index_of(session_.keys(), uids_[items[place]], *values[place]);
        if (!found) continue;
        for (auto& entry : *found) {
            entries.push_back(std::move(entry));
            owners.push_back(place);
        }
    }
    std::vector<std::optional<GuardedChange>> result(items.size());
    for (const auto& difference : compare(session_, entries, failures_)) {
        if (difference.nature == Nature::conflict) continue;
        const auto place = owners[difference.entry];
        auto& change = result[place];
        if (!change) {
            change = GuardedChange{.record = session_.keys().key(KeyKind::ns_device, {uids_[items[place]]}),
                                   .value = values[place],
                                   .checks = {},
                                   .writes = {}};
        }
        add_repair(*change, session_.keys(), entries[difference.entry], difference);
        written_[items[place]].emplace_back(difference.nature, entries[difference.entry].kind);
    }
    return result;
}

void EntryRepair::done(std::size_t item) {
    for (const auto& [nature, kind] : written_[item]) repaired_(nature, kind);
}

void EntryRepair::failed(std::size_t item, const std::string& reason) {
    failures_.add(uids_[item], reason);
}

std::vector<std::optional<GuardedChange>> ClaimRemoval::changes(
    std::span<const std::size_t> items, std::span<const std::optional<std::string>> values) {
    const auto there = still_there(items);
    std::vector<std::optional<GuardedChange>> result(items.size());
    for (std::size_t place = 0; place < items.size(); ++place) {
        const auto& entry = claims_[items[place]].entry;
        if (!there[place] || !lacks(session_.keys(), entry, values[place])) continue;
        GuardedChange change{.record = session_.keys().key(KeyKind::ns_device, {entry.uid}),
                             .value = values[place],
                             .checks = {},
                             .writes = {}};
        add_removal(change, entry);
        result[place] = std::move(change);
    }
    return result;
}

// A key that points to another device by now is another claim. Members are taken out whether they are there
// or not.
std::vector<bool> ClaimRemoval::still_there(std::span<const std::size_t> items) {
    std::vector<bool> there(items.size(), true);
    redis::Commands commands;
    std::vector<std::size_t> places;
    for (std::size_t place = 0; place < items.size(); ++place) {
        const auto& entry = claims_[items[place]].entry;
        if (!entry.fields_key.empty()) continue;
        commands.add("GET", entry.key);
        places.push_back(place);
    }
    if (commands.empty()) return there;
    session_.connection().pipeline(commands, [&](std::size_t index, redis::ReplyView reply) {
        const auto place = places[index];
        there[place] = reply.is_text() && reply.text() == claims_[items[place]].entry.uid;
    });
    return there;
}

void ClaimRemoval::done(std::size_t item) {
    repaired_(Nature::left_over, claims_[item].entry.kind);
}

void ClaimRemoval::failed(std::size_t item, const std::string& reason) {
    failures_.add(claims_[item].entry.key, reason);
}

bool lacks(const lorawan::Keys& keys, const IndexEntry& entry, const std::optional<std::string>& value) {
    if (!value) return true;
    const auto its = index_of(keys, entry.uid, *value);
    return its && find_entry(*its, entry.kind, entry.key) == nullptr;
}

}  // namespace tti::network_server
