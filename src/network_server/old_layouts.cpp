#include "network_server/old_layouts.hpp"

#include <map>
#include <set>

#include "network_server/old_members.hpp"
#include "operation/failure_point.hpp"
#include "redis/commands.hpp"
#include "redis/script.hpp"

namespace tti::network_server {

namespace {

using key_space::FoundKey;
using lorawan::KeyKind;

constexpr const char* members_due = "devices in old address layouts";
constexpr const char* snapshots_due = "session fields of 3.11 snapshots";
constexpr const char* fields_due = "device fields of 3.10";

// The pending set of 3.10 as a set of before 3.10: the conversion of its members needs the key for itself.
// KEYS: the pending key, the key of before 3.10.
const redis::Script& move_pending_set() {
    static const redis::Script instance(R"(
if redis.call('TYPE', KEYS[1]).ok ~= 'set' then return 0 end
redis.call('SUNIONSTORE', KEYS[2], KEYS[2], KEYS[1])
redis.call('DEL', KEYS[1])
return 1
)");
    return instance;
}

// Of hashes alone: any other type is not of this layout.
const redis::Script& remove_fields_hash() {
    static const redis::Script instance(R"(
local removed = 0
for _, key in ipairs(KEYS) do
  if redis.call('TYPE', key).ok == 'hash' then removed = removed + redis.call('UNLINK', key) end
end
return removed
)");
    return instance;
}

// What is old in a page, told apart by type where the name does not tell.
struct OldKeys {
    std::vector<FoundKey> members;       // whose members are to be looked at
    std::vector<FoundKey> pending_sets;  // of 3.10
    std::vector<FoundKey> field_hashes;  // of 3.10
};

// The parts of a match look into its own key, so a copy needs its own.
FoundKey copy_of(const lorawan::Keys& keys, const std::string& key) {
    FoundKey copy{key, {}};
    copy.match = *keys.parse(copy.key);
    return copy;
}

OldKeys sorted_out(key_space::Session& session, std::span<const FoundKey> page) {
    OldKeys result;
    redis::Commands commands;
    std::vector<const FoundKey*> asked;
    for (const auto& found : page) {
        if (found.match.kind == KeyKind::ns_pending || found.match.kind == KeyKind::ns_device_fields_3_10) {
            commands.add("TYPE", found.key);
            asked.push_back(&found);
        } else {
            result.members.push_back(copy_of(session.keys(), found.key));
        }
    }
    if (asked.empty()) return result;
    session.connection().repeat([&] {
        result.pending_sets.clear();
        result.field_hashes.clear();
        session.connection().pipeline(commands, [&](std::size_t number, redis::ReplyView reply) {
            if (reply.is_error()) return;
            const bool pending = asked[number]->match.kind == KeyKind::ns_pending;
            if (reply.text() != (pending ? "set" : "hash")) return;
            (pending ? result.pending_sets : result.field_hashes)
                .push_back(copy_of(session.keys(), asked[number]->key));
        });
    });
    return result;
}

FoundKey before_3_10(const lorawan::Keys& keys, const FoundKey& pending) {
    return copy_of(keys, keys.key(KeyKind::ns_address_before_3_10, {pending.match.parts[0]}));
}

// The addresses of which a pending set has to make room: those of the page's own, and those whose set from
// before 3.10 comes first, for its members may be pending too.
std::map<std::string, std::string> pending_sets_to_move(const lorawan::Keys& keys, const OldKeys& old) {
    std::map<std::string, std::string> targets;
    for (const auto& set : old.pending_sets) targets.emplace(set.key, before_3_10(keys, set).key);
    for (const auto& found : old.members) {
        if (found.match.kind != KeyKind::ns_address_before_3_10) continue;
        targets.emplace(keys.key(KeyKind::ns_pending, {found.match.parts[0]}), found.key);
    }
    return targets;
}

using Names = std::set<std::string, std::less<>>;

void move_pending_sets(key_space::Session& session, const std::map<std::string, std::string>& targets) {
    if (targets.empty()) return;
    redis::Commands commands;
    for (const auto& [pending, target] : targets) {
        move_pending_set().add_to(commands, std::vector<std::string_view>{pending, target}, {});
    }
    session.require_lock();
    session.connection().use(move_pending_set());
    session.connection().repeat([&] { session.connection().pipeline(commands); });
    operation::failure_point("convert: pending sets moved");
}

void add_moved(const lorawan::Keys& keys, const Names& moved, std::vector<FoundKey>& members) {
    Names known;
    for (const auto& found : members) known.insert(found.key);
    for (const auto& target : moved) {
        if (!known.contains(target)) members.push_back(copy_of(keys, target));
    }
}

std::int64_t count_members(key_space::Session& session, std::span<const FoundKey> sets) {
    redis::Commands commands;
    for (const auto& set : sets) commands.add("SCARD", set.key);
    std::int64_t members = 0;
    if (sets.empty()) return members;
    session.connection().repeat([&] {
        members = 0;
        session.connection().pipeline(commands, [&](std::size_t, redis::ReplyView reply) {
            if (reply.is_integer()) members += reply.integer();
        });
    });
    return members;
}

}  // namespace

std::vector<KeyKind> OldLayouts::kinds() {
    return {KeyKind::ns_device_fields_3_10,
            KeyKind::ns_address_before_3_10,
            KeyKind::ns_address_16_bit,
            KeyKind::ns_address_32_bit,
            KeyKind::ns_pending,
            KeyKind::ns_current_fields,
            KeyKind::ns_pending_fields};
}

void OldLayouts::survey(std::span<const FoundKey> page, operation::Amounts& due) {
    const auto old = sorted_out(session_, page);
    add_if_any(due, fields_due, static_cast<std::int64_t>(old.field_hashes.size()));
    add_if_any(due, members_due, count_members(session_, old.pending_sets));
    read_old_members(session_, old.members, failures_, [&](const std::vector<OldMember>& members) {
        for (const auto& member : members) {
            add(due, member.layout == OldMember::Layout::fields ? snapshots_due : members_due, 1);
        }
    });
}

void OldLayouts::convert(std::span<const FoundKey> page, operation::StepContext& step) {
    auto old = sorted_out(session_, page);
    const auto targets = pending_sets_to_move(session_.keys(), old);
    for (const auto& [pending, target] : targets) moved_.insert(target);
    move_pending_sets(session_, targets);
    add_moved(session_.keys(), moved_, old.members);
    convert_members(old.members, step);
    moved_.clear();
    remove_field_hashes(old.field_hashes, step);
}

void OldLayouts::convert_members(std::span<const FoundKey> keys, operation::StepContext& step) {
    read_old_members(session_, keys, failures_, [&](const std::vector<OldMember>& members) {
        std::vector<std::string> records;
        records.reserve(members.size());
        for (const auto& member : members) {
            records.push_back(session_.keys().key(KeyKind::ns_device, {member.uid}));
        }
        MemberConversion conversion(session_, members, failures_);
        settle(session_, records, conversion);
        operation::failure_point("convert: members");
        count(step, "addresses converted", conversion.converted());
        count(step, "addresses of no session dropped", conversion.dropped());
    });
}

void OldLayouts::remove_field_hashes(std::span<const FoundKey> hashes, operation::StepContext& step) {
    if (hashes.empty()) return;
    std::vector<std::string_view> keys;
    for (const auto& hash : hashes) keys.push_back(hash.key);
    redis::Commands one;
    remove_fields_hash().add_to(one, keys, {});
    session_.require_lock();
    session_.connection().use(remove_fields_hash());
    std::int64_t removed = 0;
    session_.connection().repeat([&] { removed = session_.connection().single(one)->integer(); });
    count(step, "old device fields removed", removed);
    operation::failure_point("convert: device fields");
}

void OldLayouts::count(operation::StepContext& step, const char* what, std::int64_t number) {
    if (number == 0) return;
    add(counts_, what, number);
    step.count(what, number);
}

std::vector<KeyKind> last_invalidation_kinds() {
    return {KeyKind::ns_last_invalidation, KeyKind::ns_device_last_invalidation};
}

std::int64_t remove_last_invalidations(key_space::Session& session, std::span<const FoundKey> page) {
    std::vector<std::string> keys;
    for (const auto& found : page) keys.push_back(found.key);
    redis::Commands one;
    one.add_list({"UNLINK"}, keys);
    std::int64_t removed = 0;
    session.require_lock();
    session.connection().repeat([&] { removed = session.connection().single(one)->integer(); });
    operation::failure_point("last invalidations");
    return removed;
}

}  // namespace tti::network_server
