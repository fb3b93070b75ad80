#include "join_server/bounding.hpp"

#include <chrono>
#include <thread>
#include <utility>

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

Bounding::Turn Bounding::decided(std::span<const PairKeys> pairs, std::vector<PairFacts> facts) {
    Turn turn{.pairs = pairs.size(), .facts = std::move(facts)};
    for (std::size_t index = 0; index < pairs.size(); ++index) {
        auto change = decide(pairs[index], turn.facts[index], limit_);
        if (change.state == PairState::faulty) failures_.add(text(change.pair), turn.facts[index].fault);
        if (change.state == PairState::faulty || change.state == PairState::right) continue;
        turn.changes.push_back(std::move(change));
        turn.changing.push_back(pairs[index]);
    }
    return turn;
}

// Those that could not be written become pending.
void Bounding::note(const Turn& turn, const Applied& applied) {
    operation::failure_point("js-db migrate batch written");
    removed_ += applied.removed;
    for (std::size_t index = 0; index < turn.changes.size(); ++index) {
        const auto outcome = applied.outcomes[index];
        note(turn.changes[index], outcome);
        if (outcome == Guarded::done) continue;
        pending_.push_back(turn.changing[index]);
        only_held_ = only_held_ && outcome == Guarded::busy;
    }
}

void Bounding::change_pending() {
    const auto pairs = std::exchange(pending_, {});
    const auto turn = decided(pairs, read_facts(session_, pairs));
    only_held_ = true;
    if (turn.changes.empty()) return;
    operation::failure_point("js-db migrate batch read");
    Applied applied;
    session_.connection().repeat([&] { applied = apply_guarded(session_, turn.changes); });
    note(turn, applied);
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

void Bounding::begin(std::span<const PairKeys> pairs, std::span<const Survey::Due> due) {
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
    auto& turn = under_way_.emplace_back(decided(unlisted, std::move(assumed)));
    turn.pairs = pairs.size();
    turn.others = std::move(others);
    if (turn.changes.empty()) return;
    operation::failure_point("js-db migrate batch read");
    try {
        turn.sent.emplace(session_, turn.changes);
    } catch (const redis::ConnectionError&) {
        // Tried again at its end.
    }
}

// Where that fails, they are tried again with facts of that moment, which waits for the server or tells what
// is wrong with it.
void Bounding::receive(Turn& turn) {
    if (turn.changes.empty()) return;
    try {
        if (turn.sent) return note(turn, turn.sent->receive());
    } catch (const redis::ConnectionError&) {
        // Nobody can say what was done.
    } catch (const redis::ServerError&) {
        // It loads, has another role, or has forgotten the script.
    }
    pending_ = turn.changing;
}

std::size_t Bounding::end() {
    if (under_way_.empty()) return 0;
    auto turn = std::move(under_way_.front());
    under_way_.pop_front();
    pending_.clear();
    receive(turn);
    pending_.insert(pending_.end(), turn.others.begin(), turn.others.end());
    for (int round = 0; round < hasty_rounds && !pending_.empty(); ++round) {
        change_pending();
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
    return turn.pairs;
}

}  // namespace tti::join_server
