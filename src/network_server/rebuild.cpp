#include "network_server/rebuild.hpp"

#include <algorithm>
#include <tuple>

#include "network_server/index_repair.hpp"
#include "operation/failure_point.hpp"

namespace tti::network_server {
namespace {

using key_space::FoundKey;
using lorawan::KeyKind;

// What a server was just writing is over by then.
constexpr int looks_while_planning = 3;
constexpr std::size_t most_wrong_kept = 100'000;

}  // namespace

void IndexRebuild::survey() {
    both_ways(nullptr);
}

void IndexRebuild::run(operation::StepContext& step) {
    differences_.clear();
    conflicts_.clear();
    failures_.clear();
    wrong_.clear();
    operation::failure_point("rebuild index: before");
    both_ways(&step);
    operation::failure_point("rebuild index: after");
}

void IndexRebuild::both_ways(operation::StepContext* step) {
    key_space::WalkReport report{.step = step, .unit = "end devices", .total = records_};
    records_ = 0;
    walk(session_, {.kinds = {KeyKind::ns_device}}, report,
         [&](std::span<const FoundKey> page) { look_at_records(page, step); });
    report = {.step = step, .unit = "index keys"};
    walk(session_, {.kinds = index_key_kinds()}, report, [&](std::span<const FoundKey> page) {
        read_claims(session_, page, failures_,
                    [&](const std::vector<Claim>& claims) { look_at_claims(claims, step); });
    });
}

void IndexRebuild::look_at_records(std::span<const FoundKey> page, operation::StepContext* step) {
    std::vector<Record> records;
    for (const auto& found : page) records.push_back({std::string(found.match.parts[0]), found.key});
    records_ += static_cast<std::int64_t>(records.size());
    auto differing = differing_of(records, false);
    if (step == nullptr) {
        for (int look = 2; look <= looks_while_planning && !differing.empty(); ++look)
            differing = differing_of(differing, look == looks_while_planning);
        return;
    }
    std::vector<std::string> uids;
    std::vector<std::string> keys;
    for (const auto& record : differing) {
        uids.push_back(record.uid);
        keys.push_back(record.key);
    }
    EntryRepair repair(session_, uids, failures_,
                       [&](Nature nature, IndexKind kind) { count(nature, kind, step); });
    settle(session_, keys, repair);
}

std::vector<IndexRebuild::Record> IndexRebuild::differing_of(std::span<const Record> records, bool counts) {
    std::vector<std::string_view> keys;
    for (const auto& record : records) keys.push_back(record.key);
    std::vector<IndexEntry> entries;
    std::vector<std::size_t> owners;
    reader_.read(keys, [&](std::size_t index, std::optional<std::string_view> value) {
        if (!value) return;
        auto found = index_of(session_.keys(), records[index].uid, *value);
        if (!found) {
            failures_.add(records[index].key, found.error());
            return;
        }
        for (auto& entry : *found) {
            entries.push_back(std::move(entry));
            owners.push_back(index);
        }
    });
    std::vector<Record> result;
    for (const auto& difference : compare(session_, entries, failures_)) {
        const auto& entry = entries[difference.entry];
        const auto& owner = records[owners[difference.entry]];
        if (difference.nature == Nature::conflict) {
            conflicts_.add(entry.key, "claimed by " + entry.uid + ", points to " + difference.holder);
            continue;
        }
        if (counts) told(difference.nature, entry);
        if (result.empty() || result.back().key != owner.key) result.push_back(owner);
    }
    return result;
}

void IndexRebuild::told(Nature nature, const IndexEntry& entry) {
    count(nature, entry.kind, nullptr);
    const bool pointer = entry.fields_key.empty();
    if (pointer && nature == Nature::wrong && wrong_.size() < most_wrong_kept) wrong_.insert(entry.key);
}

void IndexRebuild::look_at_claims(const std::vector<Claim>& claims, operation::StepContext* step) {
    auto surplus = unfounded(claims);
    if (surplus.empty()) return;
    if (step == nullptr) {
        for (const auto& claim : unfounded(still_there(surplus))) {
            if (!wrong_.contains(claim.entry.key)) count(Nature::left_over, claim.entry.kind, nullptr);
        }
        return;
    }
    // The set and the hash of an address make one entry.
    const auto name = [](const Claim& claim) { return std::tie(claim.entry.key, claim.entry.uid); };
    std::ranges::sort(surplus, {}, name);
    const auto is_same = [&](const Claim& a, const Claim& b) { return name(a) == name(b); };
    surplus.erase(std::unique(surplus.begin(), surplus.end(), is_same), surplus.end());
    std::vector<std::string> keys;
    keys.reserve(surplus.size());
    for (const auto& claim : surplus) {
        keys.push_back(session_.keys().key(KeyKind::ns_device, {claim.entry.uid}));
    }
    ClaimRemoval removal(session_, surplus, failures_,
                         [&](Nature nature, IndexKind kind) { count(nature, kind, step); });
    settle(session_, keys, removal);
}

// Those whose records do not have them.
std::vector<Claim> IndexRebuild::unfounded(std::span<const Claim> claims) {
    std::vector<std::string> records;
    for (const auto& claim : claims) {
        records.push_back(session_.keys().key(KeyKind::ns_device, {claim.entry.uid}));
    }
    const std::vector<std::string_view> keys(records.begin(), records.end());
    std::vector<Claim> result;
    reader_.read(keys, [&](std::size_t index, std::optional<std::string_view> value) {
        const auto text = value ? std::optional<std::string>(*value) : std::nullopt;
        if (lacks(session_.keys(), claims[index].entry, text)) result.push_back(claims[index]);
    });
    return result;
}

// Those that the index still holds; of an address, those of its hash only where the set does not hold them
// too, so that each is told once.
std::vector<Claim> IndexRebuild::still_there(std::span<const Claim> claims) {
    redis::Commands commands;
    for (const auto& claim : claims) {
        const auto& entry = claim.entry;
        if (entry.fields_key.empty()) {
            commands.add("GET", entry.key);
            commands.add("PING");
        } else {
            commands.add("ZSCORE", entry.key, entry.uid);
            commands.add("HEXISTS", entry.fields_key, entry.uid);
        }
    }
    std::vector<bool> first(claims.size());
    std::vector<bool> second(claims.size());
    session_.connection().repeat([&] {
        session_.connection().pipeline(commands, [&](std::size_t number, redis::ReplyView reply) {
            const auto index = number / 2;
            if (reply.is_error()) return;
            if (number % 2 == 1) {
                second[index] = reply.is_integer() && reply.integer() == 1;
            } else if (claims[index].entry.fields_key.empty()) {
                first[index] = !reply.is_nil() && reply.text() == claims[index].entry.uid;
            } else {
                first[index] = !reply.is_nil();
            }
        });
    });
    std::vector<Claim> result;
    for (std::size_t index = 0; index < claims.size(); ++index) {
        if (claims[index].in_fields ? second[index] && !first[index] : first[index])
            result.push_back(claims[index]);
    }
    return result;
}

void IndexRebuild::count(Nature nature, IndexKind kind, operation::StepContext* step) {
    const auto what = words(nature, kind);
    add(differences_, what, 1);
    if (step != nullptr) step->count(what, 1);
}

}  // namespace tti::network_server
