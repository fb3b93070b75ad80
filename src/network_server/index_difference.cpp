#include "network_server/index_difference.hpp"

#include <charconv>

#include <fmt/format.h>

#include "key_space/values.hpp"
#include "lorawan/address_fields.hpp"
#include "redis/commands.hpp"

namespace tti::network_server {
namespace {

using lorawan::KeyKind;

bool is_address(IndexKind kind) {
    return kind == IndexKind::current || kind == IndexKind::pending;
}

// What the index holds for one entry.
struct Held {
    std::optional<std::string> score;
    std::optional<std::string> fields;
    std::optional<std::string> holder;
    bool failed = false;
};

bool same_score(const std::string& expected, const std::string& held) {
    double value = 0;
    std::from_chars(held.data(), held.data() + held.size(), value);
    return value == std::stod(expected);
}

// The stack always writes the same bytes; whatever it would read as the same is right too.
bool same_fields(const IndexEntry& entry, const std::string& held) {
    if (held == entry.fields) return true;
    const auto decode = entry.kind == IndexKind::current ? lorawan::decode_current : lorawan::decode_pending;
    const auto expected = decode(entry.fields);
    const auto found = decode(held);
    return expected && found && *expected == *found;
}

std::optional<Nature> judge(const IndexEntry& entry, const Held& held) {
    if (!is_address(entry.kind)) {
        if (!held.holder) return Nature::missing;
        return *held.holder == entry.uid ? std::nullopt : std::optional(Nature::wrong);
    }
    if (!held.score || !held.fields) return Nature::missing;
    const bool scored = entry.score.empty() || same_score(entry.score, *held.score);
    return scored && same_fields(entry, *held.fields) ? std::nullopt : std::optional(Nature::wrong);
}

class Lookup {
  public:
    Lookup(key_space::Session& session, std::span<const IndexEntry> entries, operation::Failures& failures)
        : session_(session), entries_(entries), failures_(failures) {}

    std::vector<Difference> differences() {
        session_.connection().repeat([this] { read(); });
        std::vector<Difference> result;
        for (std::size_t index = 0; index < entries_.size(); ++index) {
            if (held_[index].failed) continue;
            const auto nature = judge(entries_[index], held_[index]);
            if (nature) result.push_back({index, *nature, held_[index].holder.value_or(""), {}});
        }
        look_at_holders(result);
        return result;
    }

  private:
    void read() {
        held_.assign(entries_.size(), {});
        redis::Commands commands;
        std::vector<std::pair<std::size_t, std::optional<std::string> Held::*>> places;
        for (std::size_t index = 0; index < entries_.size(); ++index) {
            const auto& entry = entries_[index];
            if (is_address(entry.kind)) {
                commands.add("ZSCORE", entry.key, entry.uid);
                places.emplace_back(index, &Held::score);
                commands.add("HGET", entry.fields_key, entry.uid);
                places.emplace_back(index, &Held::fields);
            } else {
                commands.add("GET", entry.key);
                places.emplace_back(index, &Held::holder);
            }
        }
        if (commands.empty()) return;
        session_.connection().pipeline(commands, [&](std::size_t number, redis::ReplyView reply) {
            const auto& [index, place] = places[number];
            if (reply.is_error()) {
                held_[index].failed = true;
                failures_.add(place == &Held::fields ? entries_[index].fields_key : entries_[index].key,
                              reply.error());
            } else if (!reply.is_nil()) {
                held_[index].*place = std::string(reply.text());
            }
        });
    }

    // An entry that points to another record is taken over only where that record does not have it.
    void look_at_holders(std::vector<Difference>& differences) {
        std::vector<std::string> keys;
        std::vector<Difference*> wrong;
        for (auto& difference : differences) {
            if (difference.nature != Nature::wrong || is_address(entries_[difference.entry].kind)) continue;
            keys.push_back(session_.keys().key(KeyKind::ns_device, {difference.holder}));
            wrong.push_back(&difference);
        }
        const std::vector<std::string_view> views(keys.begin(), keys.end());
        key_space::ValueReader reader(session_.connection());
        reader.read(views, [&](std::size_t index, std::optional<std::string_view> value) {
            if (!value) return;
            wrong[index]->holder_value.emplace(*value);
            const auto& entry = entries_[wrong[index]->entry];
            const auto its = index_of(session_.keys(), wrong[index]->holder, *value);
            // A record that cannot be read may have it: it stays.
            if (!its || find_entry(*its, entry.kind, entry.key) != nullptr)
                wrong[index]->nature = Nature::conflict;
        });
    }

    key_space::Session& session_;
    std::span<const IndexEntry> entries_;
    operation::Failures& failures_;
    std::vector<Held> held_;
};

}  // namespace

std::string_view words(Nature nature) {
    switch (nature) {
        case Nature::missing:
            return "missing";
        case Nature::wrong:
            return "wrong";
        case Nature::left_over:
            return "left over";
        case Nature::conflict:
            return "claimed by two records";
    }
    return "";
}

std::string words(Nature nature, IndexKind kind) {
    return fmt::format("{} {}", words(kind), words(nature));
}

std::vector<Difference> compare(key_space::Session& session, std::span<const IndexEntry> entries,
                                operation::Failures& failures) {
    return Lookup(session, entries, failures).differences();
}

void add_entry(GuardedChange& change, const IndexEntry& entry) {
    if (entry.kind == IndexKind::current) {
        change.writes.push_back({"ZADD", entry.key, entry.score, entry.uid});
    } else if (entry.kind == IndexKind::pending) {
        change.writes.push_back({"ZADD", entry.key, "NX", score_of_now(), entry.uid});
    } else {
        change.writes.push_back({"SET", entry.key, entry.uid});
        return;
    }
    change.writes.push_back({"HSET", entry.fields_key, entry.uid, entry.fields});
}

void add_removal(GuardedChange& change, const IndexEntry& entry) {
    if (is_address(entry.kind)) {
        change.writes.push_back({"ZREM", entry.key, entry.uid});
        change.writes.push_back({"HDEL", entry.fields_key, entry.uid});
        return;
    }
    change.checks.push_back({{"GET", entry.key}, entry.uid});
    change.writes.push_back({"DEL", entry.key});
}

void add_repair(GuardedChange& change, const lorawan::Keys& keys, const IndexEntry& entry,
                const Difference& difference) {
    if (!is_address(entry.kind)) {
        const bool held = difference.nature == Nature::wrong;
        change.checks.push_back({{"GET", entry.key}, held ? std::optional(difference.holder) : std::nullopt});
        if (held) {
            change.checks.push_back(
                {{"GET", keys.key(KeyKind::ns_device, {difference.holder})}, difference.holder_value});
        }
    }
    add_entry(change, entry);
}

}  // namespace tti::network_server
