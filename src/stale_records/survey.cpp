#include "stale_records/survey.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lorawan/identifiers.hpp"
#include "redis/scan.hpp"
#include "stale_records/uplink_queue.hpp"

namespace tti::stale_records {
namespace {

using key_space::FoundKey;
using lorawan::KeyKind;

std::vector<KeyKind> all_kinds(const Scope& scope) {
    auto kinds = scope.records;
    kinds.insert(kinds.end(), scope.pointers.begin(), scope.pointers.end());
    kinds.insert(kinds.end(), scope.session_keys.begin(), scope.session_keys.end());
    return kinds;
}

bool among(const std::vector<KeyKind>& kinds, KeyKind kind) {
    return std::ranges::find(kinds, kind) != kinds.end();
}

}  // namespace

bool Judge::is_record(KeyKind kind) const {
    return among(scope_.records, kind);
}

bool Judge::knows(std::string_view owner) const {
    return (is_device(owner) ? known_.devices : known_.applications).contains(owner);
}

bool Judge::is_stale(const FoundKey& record) const {
    return !knows(record.match.parts[0]);
}

std::vector<bool> Judge::exist(const std::vector<std::string>& keys) {
    redis::Commands commands;
    for (const auto& key : keys) commands.add("EXISTS", key);
    std::vector<bool> result(keys.size());
    session_.connection().pipeline(
        commands, [&](std::size_t place, redis::ReplyView reply) { result[place] = reply.integer() > 0; });
    return result;
}

std::vector<Candidate> Judge::orphaned_pointers(std::span<const FoundKey> page) {
    std::vector<const FoundKey*> pointers;
    std::vector<std::string_view> keys;
    for (const auto& found : page) {
        if (!among(scope_.pointers, found.match.kind)) continue;
        pointers.push_back(&found);
        keys.push_back(found.key);
    }
    std::vector<Candidate> candidates;
    std::vector<std::string> records;
    values_.read(keys, [&](std::size_t place, std::optional<std::string_view> value) {
        // What is no device is none of ours to judge.
        if (!value || !lorawan::is_device_uid(*value) || knows(*value)) return;
        records.push_back(session_.keys().key(scope_.device, {*value}));
        candidates.push_back(
            {pointers[place]->match.kind, pointers[place]->key, std::string(*value), "", records.back()});
    });
    const auto there = exist(records);
    std::size_t place = 0;
    std::erase_if(candidates, [&](const Candidate&) { return there[place++]; });
    return candidates;
}

std::vector<Candidate> Judge::orphaned_session_keys(std::span<const FoundKey> page) {
    std::vector<Candidate> candidates;
    std::vector<std::string> indexes;
    for (const auto& found : page) {
        if (!among(scope_.session_keys, found.match.kind)) continue;
        const auto& parts = found.match.parts;
        if (known_.eui_pairs.contains(fmt::format("{}:{}", parts[0], parts[1]))) continue;
        indexes.push_back(session_.keys().key(KeyKind::js_eui, {parts[0], parts[1]}));
        candidates.push_back(
            {found.match.kind, found.key, "", fmt::format("{}:{}", parts[0], parts[1]), indexes.back()});
    }
    const std::vector<std::string_view> keys(indexes.begin(), indexes.end());
    std::vector<bool> needed(keys.size());
    values_.read(keys, [&](std::size_t place, std::optional<std::string_view> value) {
        needed[place] = value && (!lorawan::is_device_uid(*value) || knows(*value));
    });
    std::size_t place = 0;
    std::erase_if(candidates, [&](const Candidate&) { return needed[place++]; });
    return candidates;
}

void Listed::add(std::string id) {
    all_.add(id);
    if (most_ == 0) return;
    first_.insert(std::move(id));
    if (first_.size() > most_) first_.erase(std::prev(first_.end()));
}

Survey survey(key_space::Session& session, const Scope& scope, const Known& known, std::size_t most_listed) {
    Survey result;
    Judge judge(session, scope, known);
    for (const auto kind : scope.records) result.records.emplace(kind, Survey::Kind{0, Listed(most_listed)});
    const auto add_orphan = [&](const Candidate& orphan) {
        result.orphans.emplace(orphan.kind, Survey::Kind{0, Listed(0)}).first->second.stale.add(orphan.key);
    };
    walk(session, {.kinds = all_kinds(scope)}, {}, [&](std::span<const FoundKey> page) {
        const auto pointers = judge.orphaned_pointers(page);
        const auto session_keys = judge.orphaned_session_keys(page);
        for (const auto& orphan : pointers) add_orphan(orphan);
        for (const auto& orphan : session_keys) add_orphan(orphan);
        for (const auto& found : page) {
            if (!judge.is_record(found.match.kind)) continue;
            auto& kind = result.records.at(found.match.kind);
            ++kind.found;
            if (!judge.is_stale(found)) continue;
            kind.stale.add(describe(record_candidate(found)));
            if (!session.dry_run()) result.stale_records.add(found.key);
        }
    });
    if (scope.uplink_queue) {
        each_stale_entry(session, known, [&](std::span<const Remover::Entry> entries) {
            for (const auto& entry : entries) result.queued.add(entry.id);
        });
    }
    for (auto* kinds : {&result.records, &result.orphans}) {
        for (auto& [kind, counted] : *kinds) counted.stale.seal();
    }
    result.queued.seal();
    return result;
}

bool anything(key_space::Session& session, const Scope& scope) {
    const auto kinds = all_kinds(scope);
    redis::Scan scan(session.connection(), {.match = session.keys().glob(kinds)});
    for (std::vector<std::string> keys; scan.next(keys);) {
        const bool found = std::ranges::any_of(keys, [&](const auto& key) {
            const auto match = session.keys().parse(key);
            return match && among(kinds, match->kind);
        });
        if (found) return true;
    }
    return false;
}

}  // namespace tti::stale_records
