#include "join_server/bounding.hpp"

#include <chrono>
#include <thread>

#include "lorawan/keys.hpp"
#include "operation/failure_point.hpp"

namespace tti::join_server {
namespace {

using lorawan::Guarded;
using lorawan::KeyKind;

// A Join Server holds a mutex for a few milliseconds.
constexpr int hasty_rounds = 4;
constexpr std::chrono::milliseconds between_rounds{5};
// A mutex that was left by a killed server is free after 10 s; others may stand in line.
constexpr std::chrono::seconds patience_in_line{15};
constexpr int tries_in_line = 8;

}  // namespace

// Of the pending pairs; those that could not be written stay pending.
void Bounding::change(std::vector<PairFacts> facts) {
    std::vector<PairKeys> changing;
    std::vector<PairChange> changes;
    for (std::size_t index = 0; index < pending_.size(); ++index) {
        auto change = decide(pending_[index], facts[index], limit_);
        if (change.state == PairState::faulty) failures_.add(text(change.pair), facts[index].fault);
        if (change.state == PairState::faulty || change.state == PairState::right) continue;
        changes.push_back(std::move(change));
        changing.push_back(pending_[index]);
    }
    pending_.clear();
    only_held_ = true;
    if (changes.empty()) return;
    operation::failure_point("js-db migrate batch read");
    Applied applied;
    session_.connection().repeat([&] { applied = apply_guarded(session_, changes); });
    operation::failure_point("js-db migrate batch written");
    removed_ += applied.removed;
    for (std::size_t index = 0; index < changes.size(); ++index) {
        const auto outcome = applied.outcomes[index];
        note(changes[index], outcome);
        if (outcome == Guarded::done) continue;
        pending_.push_back(changing[index]);
        only_held_ = only_held_ && outcome == Guarded::busy;
    }
}

void Bounding::note(const PairChange& change, Guarded outcome) {
    if (outcome != Guarded::done) return;
    if (change.state == PairState::orphan) ++orphans_;
    if (change.state != PairState::orphan) ++lists_;
}

void Bounding::change_in_line(const PairKeys& keys) {
    const auto list =
        session_.keys().key(KeyKind::js_session_key_ids, {text(keys.pair.join_eui), text(keys.pair.dev_eui)});
    for (int attempt = 0; attempt < tries_in_line; ++attempt) {
        const lorawan::Mutex mutex(session_.connection(), list, patience_in_line);
        const auto facts = read_facts(session_, {&keys, 1});
        const auto change = decide(keys, facts.front(), limit_);
        if (change.state == PairState::right) return;
        if (change.state == PairState::faulty) return failures_.add(text(keys.pair), facts.front().fault);
        const auto applied = apply_guarded(session_, {&change, 1}, mutex.owner());
        removed_ += applied.removed;
        note(change, applied.outcomes.front());
        if (applied.outcomes.front() == Guarded::done) return;
    }
    failures_.add(text(keys.pair), "it changed whenever it was to be written");
}

void Bounding::batch(std::span<const PairKeys> pairs, std::span<const Survey::Due> due) {
    // What the survey saw to be without a list is tried as such; the script finds out when that has changed.
    std::vector<PairKeys> unlisted;
    std::vector<PairFacts> assumed;
    std::vector<PairKeys> others;
    for (std::size_t index = 0; index < pairs.size(); ++index) {
        if (due[index] == Survey::Due::nothing) continue;
        if (due[index] == Survey::Due::other) {
            others.push_back(pairs[index]);
            continue;
        }
        unlisted.push_back(pairs[index]);
        assumed.push_back({.has_device = due[index] == Survey::Due::unlisted});
    }
    pending_ = std::move(unlisted);
    change(std::move(assumed));
    pending_.insert(pending_.end(), others.begin(), others.end());
    for (int round = 0; round < hasty_rounds && !pending_.empty(); ++round) {
        change(read_facts(session_, pending_));
        if (only_held_ && !pending_.empty()) std::this_thread::sleep_for(between_rounds);
    }
    const auto left = pending_;
    for (const auto& keys : left) {
        try {
            session_.connection().repeat([&] { change_in_line(keys); });
        } catch (const LockedError& error) {
            failures_.add(text(keys.pair), error.what());
        }
    }
}

}  // namespace tti::join_server
