#include "network_server/old_members.hpp"

#include "lorawan/address_fields.hpp"
#include "network_server/index_difference.hpp"
#include "redis/commands.hpp"

namespace tti::network_server {
namespace {

using key_space::FoundKey;
using lorawan::KeyKind;
using Layout = OldMember::Layout;

Layout layout_of(KeyKind kind) {
    switch (kind) {
        case KeyKind::ns_address_before_3_10:
            return Layout::set;
        case KeyKind::ns_address_16_bit:
        case KeyKind::ns_address_32_bit:
            return Layout::scored;
        default:
            return Layout::fields;
    }
}

constexpr std::string_view scan_command(Layout layout) {
    return layout == Layout::set ? "SSCAN" : layout == Layout::scored ? "ZSCAN" : "HSCAN";
}

struct Source {
    const FoundKey* key;
    std::string cursor = "0";
};

bool is_todays(KeyKind kind, std::string_view value) {
    return kind == KeyKind::ns_current_fields ? lorawan::decode_current(value).has_value()
                                              : lorawan::decode_pending(value).has_value();
}

class Reading {
  public:
    Reading(key_space::Session& session, operation::Failures& failures)
        : session_(session), failures_(failures) {}

    // One page of every source; those that have more are left.
    std::vector<OldMember> next(std::vector<Source>& sources) {
        redis::Commands commands;
        for (const auto& source : sources) {
            commands.add(scan_command(layout_of(source.key->match.kind)), source.key->key, source.cursor,
                         "COUNT", "256");
        }
        std::vector<OldMember> members;
        std::vector<Source> more;
        session_.connection().repeat([&] {
            members.clear();
            more.clear();
            session_.connection().pipeline(commands, [&](std::size_t number, redis::ReplyView reply) {
                take(sources[number], reply, members, more);
            });
        });
        sources = std::move(more);
        return members;
    }

  private:
    void take(const Source& source, redis::ReplyView reply, std::vector<OldMember>& members,
              std::vector<Source>& more) {
        if (reply.is_error()) {
            failures_.add(source.key->key, reply.error());
            return;
        }
        const auto kind = source.key->match.kind;
        const auto layout = layout_of(kind);
        const auto words = reply[1];
        for (std::size_t index = 0; index < words.size(); index += layout == Layout::set ? 1 : 2) {
            if (layout == Layout::fields && is_todays(kind, words[index + 1].text())) continue;
            members.push_back({layout, source.key->key, std::string(source.key->match.parts[0]),
                               kind == KeyKind::ns_pending_fields, std::string(words[index].text())});
        }
        if (reply[0].text() != "0") more.push_back({source.key, std::string(reply[0].text())});
    }

    key_space::Session& session_;
    operation::Failures& failures_;
};

IndexEntry entry_of(const lorawan::Keys& keys, const OldMember& member, bool pending) {
    return {.kind = pending ? IndexKind::pending : IndexKind::current,
            .key = keys.key(pending ? KeyKind::ns_pending : KeyKind::ns_current, {member.address}),
            .uid = member.uid,
            .fields_key = keys.key(pending ? KeyKind::ns_pending_fields : KeyKind::ns_current_fields,
                                   {member.address})};
}

// The entries that stand for this member today.
std::vector<bool> wanted_kinds(const OldMember& member) {
    if (member.layout == Layout::set) return {false, true};
    return {member.layout == Layout::fields && member.pending};
}

}  // namespace

void read_old_members(key_space::Session& session, std::span<const FoundKey> keys,
                      operation::Failures& failures,
                      const std::function<void(const std::vector<OldMember>&)>& some) {
    Reading reading(session, failures);
    std::vector<Source> sources;
    for (const auto& key : keys) sources.push_back({&key});
    while (!sources.empty()) {
        const auto members = reading.next(sources);
        if (!members.empty()) some(members);
    }
}

std::vector<std::optional<GuardedChange>> MemberConversion::changes(
    std::span<const std::size_t> items, std::span<const std::optional<std::string>> values) {
    std::vector<std::optional<GuardedChange>> result(items.size());
    for (std::size_t place = 0; place < items.size(); ++place) {
        bool dropped = false;
        result[place] = change(members_[items[place]], values[place], dropped);
        dropped_[items[place]] = dropped;
    }
    return result;
}

std::optional<GuardedChange> MemberConversion::change(const OldMember& member,
                                                      const std::optional<std::string>& value,
                                                      bool& dropped) {
    const auto& keys = session_.keys();
    std::vector<IndexEntry> its;
    if (value) {
        auto found = index_of(keys, member.uid, *value);
        if (!found) {
            failures_.add(keys.key(KeyKind::ns_device, {member.uid}), found.error());
            return std::nullopt;
        }
        its = std::move(*found);
    }
    GuardedChange change{
        .record = keys.key(KeyKind::ns_device, {member.uid}), .value = value, .checks = {}, .writes = {}};
    dropped = true;
    for (const bool pending : wanted_kinds(member)) {
        const auto old = entry_of(keys, member, pending);
        if (const auto* entry = find_entry(its, old.kind, old.key)) {
            add_entry(change, *entry);
            dropped = false;
        } else if (member.layout == Layout::fields) {
            add_removal(change, old);
        }
    }
    if (member.layout == Layout::set) change.writes.push_back({"SREM", member.key, member.uid});
    if (member.layout == Layout::scored) change.writes.push_back({"ZREM", member.key, member.uid});
    return change;
}

void MemberConversion::done(std::size_t item) {
    ++(dropped_[item] ? dropped_count_ : converted_count_);
}

void MemberConversion::failed(std::size_t item, const std::string& reason) {
    failures_.add(members_[item].key, reason);
}

}  // namespace tti::network_server
