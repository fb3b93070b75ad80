#include "join_server/survey.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "join_server/session_key_id.hpp"
#include "key_space/walk.hpp"
#include "util/error.hpp"

namespace tti::join_server {
namespace {

using lorawan::KeyKind;

constexpr std::size_t pairs_at_once = 1024;

const std::vector<KeyKind>& surveyed_kinds() {
    static const std::vector<KeyKind> kinds{KeyKind::js_session_key, KeyKind::js_session_key_ids,
                                            KeyKind::js_eui};
    return kinds;
}

void note(Survey& survey, const PairChange& change, const PairFacts& facts) {
    auto due = Survey::Due::other;
    switch (change.state) {
        case PairState::right:
            due = Survey::Due::nothing;
            break;
        case PairState::faulty:
            due = Survey::Due::nothing;
            survey.faulty.add(text(change.pair), facts.fault);
            break;
        case PairState::orphan:
            if (facts.list.empty()) due = Survey::Due::unlisted_orphan;
            ++survey.orphans;
            survey.orphan_keys += std::ssize(change.removed);
            survey.lists += facts.list.empty() ? 0 : 1;
            survey.orphan_lists += facts.list.empty() ? 0 : 1;
            break;
        case PairState::unlisted:
            due = Survey::Due::unlisted;
            [[fallthrough]];
        case PairState::to_write:
            survey.over_limit += std::ssize(change.removed);
            ++survey.lists;
            break;
    }
    survey.due.push_back(due);
}

// What the walk has seen of them tells all but what stands in the lists.
std::vector<PairFacts> facts_of(key_space::Session& session, std::span<const PairKeys> pairs) {
    std::vector<PairFacts> facts(pairs.size());
    std::vector<PairKeys> listed;
    std::vector<std::size_t> places;
    for (std::size_t index = 0; index < pairs.size(); ++index) {
        facts[index].has_device = pairs[index].has_device;
        if (!pairs[index].listed) continue;
        listed.push_back(pairs[index]);
        places.push_back(index);
    }
    if (listed.empty()) return facts;
    auto read = read_facts(session, listed);
    for (std::size_t index = 0; index < read.size(); ++index) facts[places[index]] = std::move(read[index]);
    return facts;
}

}  // namespace

void Survey::add(const lorawan::Keys::Match& match) {
    if (std::ranges::find(surveyed_kinds(), match.kind) == surveyed_kinds().end()) return;
    const auto join_eui = lorawan::parse_eui64(match.parts[0]);
    const auto dev_eui = lorawan::parse_eui64(match.parts[1]);
    if (!join_eui || !dev_eui) return;
    const EuiPair pair{*join_eui, *dev_eui};
    if (match.kind == KeyKind::js_session_key_ids) return keys.add_list(pair);
    if (match.kind == KeyKind::js_eui) return keys.add_device(pair);
    const auto id = match.parts[2];
    if (const auto fault = fault_of_session_key_id(id)) {
        return faulty.add(fmt::format("{}:{}", text(pair), id), *fault);
    }
    keys.add(pair, id);
}

void Survey::finish(key_space::Session& session, std::size_t limit) {
    keys.for_each([&](std::span<const PairKeys> all) {
        pairs += std::ssize(all);
        for (const auto& pair : all) session_keys += std::ssize(pair.ids);
        while (limit > 0 && !all.empty()) {
            const auto some = all.first(session.pace().batch(std::min(all.size(), pairs_at_once)));
            const auto facts = facts_of(session, some);
            for (std::size_t index = 0; index < some.size(); ++index) {
                note(*this, decide(some[index], facts[index], limit), facts[index]);
            }
            session.pace().spent(some.size());
            all = all.subspan(some.size());
        }
    });
}

std::int64_t Survey::due_pairs() const {
    return std::ranges::count_if(due, [](Due one) { return one != Due::nothing; });
}

Survey survey(key_space::Session& session, std::size_t limit) {
    std::int64_t expected = 0;
    session.connection().repeat([&] { expected = session.connection().call("DBSIZE")->integer(); });
    Survey result(expected);
    key_space::walk(session, {.kinds = surveyed_kinds()}, {},
                    [&result](std::span<const key_space::FoundKey> page) {
                        for (const auto& found : page) result.add(found.match);
                    });
    result.finish(session, limit);
    return result;
}

std::size_t session_key_limit(const settings::Values& values) {
    const auto limit = values.integer("js.session-key-limit");
    if (limit >= 0) return static_cast<std::size_t>(limit);
    throw UsageError(fmt::format("option js.session-key-limit ({}) = {}: less than 0",
                                 values.source("js.session-key-limit").where, limit),
                     "0 keeps every session key.");
}

}  // namespace tti::join_server
