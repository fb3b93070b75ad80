#include "stale_records/remover.hpp"

#include <algorithm>
#include <iterator>
#include <thread>

#include "lorawan/mutex.hpp"
#include "operation/failure_point.hpp"
#include "stale_records/scope.hpp"
#include "stale_records/undo_writing.hpp"
#include "util/error.hpp"

namespace tti::stale_records {
namespace {

// So many that the second look and the undo file's way to the disk cost little for each.
constexpr std::size_t most_candidates = 512;
constexpr std::size_t most_later = 4096;
constexpr int rounds = 3;
constexpr std::chrono::milliseconds between_rounds{100};
constexpr std::chrono::seconds mutex_wait{15};

}  // namespace

Remover::Remover(key_space::Session& session, IdentitySource& identities, key_space::UndoRows& undo)
    : session_(session), identities_(identities), undo_(undo) {
    use_guarded_removal(session_.connection());
}

void Remover::add(std::vector<Candidate> candidates) {
    std::ranges::move(candidates, std::back_inserter(waiting_));
    if (waiting_.size() >= most_candidates) remove_waiting();
}

void Remover::remove_waiting() {
    remove(std::exchange(waiting_, {}));
    if (later_.size() > most_later) remove_later();
}

void Remover::remove(std::span<const Candidate> candidates) {
    while (!candidates.empty()) {
        const auto size = std::min(candidates.size(), most_candidates);
        session_.connection().repeat([&] { batch(candidates.first(size), {}); });
        candidates = candidates.subspan(size);
    }
}

// The order matters: read, then ask, then remove what is still as it was read. A device that is made again
// meanwhile is either known by then, or has another record.
void Remover::batch(std::span<const Candidate> candidates, std::string_view owner) {
    const auto going = pieces(candidates, read(candidates));
    if (going.empty()) return;
    write_undo(going);
    operation::failure_point("stale records written down");
    for (std::span<const Piece> rest(going); !rest.empty();) {
        const auto size = std::min(rest.size(), most_removals);
        session_.require_lock();
        apply(rest.first(size), owner);
        operation::failure_point("stale records removed");
        rest = rest.subspan(size);
    }
}

std::vector<Remover::Value> Remover::read(std::span<const Candidate> candidates) {
    constexpr std::size_t commands_each = 3;
    redis::Commands commands;
    for (const auto& candidate : candidates) {
        commands.add("PTTL", candidate.key);
        commands.add("GET", candidate.key);
        if (undo_.keeps()) {
            commands.add("DUMP", candidate.key);
        } else {
            commands.add("EXISTS", candidate.key);
        }
    }
    std::vector<Value> values(candidates.size());
    session_.connection().pipeline(commands, [&](std::size_t place, redis::ReplyView reply) {
        auto& value = values[place / commands_each];
        switch (place % commands_each) {
            case 0:
                value.ttl = reply.integer();
                break;
            case 1:  // a list has no such value
                if (reply.is_text()) value.text = reply.text();
                break;
            default:
                value.there = undo_.keeps() ? reply.is_text() : reply.integer() > 0;
                if (reply.is_text()) value.dump = reply.text();
        }
    });
    return values;
}

std::vector<bool> Remover::known(std::span<const Candidate> candidates) {
    std::vector<std::string> devices;
    std::vector<std::string> applications;
    for (const auto& candidate : candidates) {
        if (!candidate.owner.empty())
            (is_device(candidate.owner) ? devices : applications).push_back(candidate.owner);
    }
    const auto known_devices = devices.empty() ? std::vector<bool>() : identities_.knows_devices(devices);
    const auto known_applications =
        applications.empty() ? std::vector<bool>() : identities_.knows_applications(applications);
    std::vector<bool> known;
    auto device = known_devices.begin();
    auto application = known_applications.begin();
    for (const auto& candidate : candidates) {
        if (candidate.owner.empty()) {
            known.push_back(false);
        } else {
            known.push_back(is_device(candidate.owner) ? *device++ : *application++);
        }
    }
    return known;
}

std::vector<Remover::Piece> Remover::pieces(std::span<const Candidate> candidates,
                                            std::vector<Value> values) {
    const auto still_known = known(candidates);
    std::vector<Piece> result;
    for (std::size_t place = 0; place < candidates.size(); ++place) {
        if (!values[place].there) continue;
        if (still_known[place]) {
            ++kept_;
            continue;
        }
        bool unreadable = false;
        auto removal = make_removal(session_.keys(), candidates[place], values[place].text, unreadable);
        unreadable_ += unreadable ? 1 : 0;
        result.push_back({&candidates[place], std::move(values[place]), std::move(removal)});
    }
    return result;
}

void Remover::write_undo(std::span<const Piece> pieces) {
    if (!undo_.keeps()) return;
    UndoBatch batch(undo_);
    for (const auto& [candidate, value, removal] : pieces) undo_.key(candidate->key, value.ttl, value.dump);
    std::vector<const Removal*> removals;
    for (const auto& piece : pieces) removals.push_back(&piece.removal);
    write_dependents_of(session_.connection(), undo_, removals);
    batch.end();
}

void Remover::apply(std::span<const Piece> pieces, std::string_view owner) {
    std::vector<Removal> removals;
    for (const auto& piece : pieces) removals.push_back(piece.removal);
    const auto outcomes = remove_guarded(session_.connection(), removals, owner);
    for (std::size_t place = 0; place < pieces.size(); ++place) {
        const auto& candidate = *pieces[place].candidate;
        if (outcomes[place] == Outcome::done) ++removed_[candidate.kind];
        if (outcomes[place] == Outcome::changed || outcomes[place] == Outcome::busy) {
            later_.push_back(candidate);
            later_lock_ = pieces[place].removal.lock;
        }
    }
}

void Remover::finish() {
    remove_waiting();
    remove_later();
}

void Remover::remove_later() {
    for (int round = 0; round < rounds && !later_.empty(); ++round) {
        std::this_thread::sleep_for(between_rounds);
        remove(std::exchange(later_, {}));
    }
    one_by_one(std::exchange(later_, {}));
}

// As the stack's servers do: waiting in line for the mutex.
void Remover::one_by_one(std::span<const Candidate> candidates) {
    for (const auto& candidate : candidates) {
        const std::span<const Candidate> alone(&candidate, 1);
        session_.connection().repeat([&] { batch(alone, {}); });
        if (later_.empty()) continue;
        later_.clear();
        try {
            const lorawan::Mutex mutex(session_.connection(), later_lock_, mutex_wait);
            batch(alone, mutex.owner());
        } catch (const LockedError& error) {
            failures_.add(describe(candidate), error.what());
            continue;
        }
        if (!later_.empty()) failures_.add(describe(candidate), "it changes all the time");
        later_.clear();
    }
}

void Remover::remove_entries(const std::string& stream, std::span<const Entry> entries) {
    std::vector<Candidate> owners;
    for (const auto& entry : entries)
        owners.push_back({lorawan::KeyKind::ns_uplinks, stream, entry.owner, entry.id});
    const auto still_known = known(owners);
    std::vector<Removal> removals;
    UndoBatch batch(undo_);
    for (std::size_t place = 0; place < entries.size(); ++place) {
        if (still_known[place]) continue;
        undo_.entry(stream, entries[place].id, entries[place].fields);
        removals.push_back({.lock = {},
                            .record = {},
                            .expected = {},
                            .missing = {},
                            .deletions = {{Act::entry, stream, entries[place].id}}});
    }
    if (removals.empty()) return;
    batch.end();
    operation::failure_point("queued uplinks written down");
    session_.require_lock();
    remove_guarded(session_.connection(), removals);
    removed_[lorawan::KeyKind::ns_uplinks] += static_cast<std::int64_t>(removals.size());
}

}  // namespace tti::stale_records
