#include "join_server/pair_change.hpp"

#include <algorithm>

#include "join_server/session_key_id.hpp"
#include "lorawan/keys.hpp"

namespace tti::join_server {
namespace {

using lorawan::KeyKind;

bool is_known(const PairKeys& keys, std::string_view id) {
    return std::ranges::binary_search(keys.ids, id, is_older);
}

std::vector<std::string_view> all_ids(const PairKeys& keys, const PairFacts& facts) {
    std::vector<std::string_view> ids(keys.ids.begin(), keys.ids.end());
    if (facts.joined.empty()) return ids;
    ids.insert(ids.end(), facts.joined.begin(), facts.joined.end());
    std::ranges::sort(ids, is_older);
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    return ids;
}

class FactsReader {
  public:
    FactsReader(key_space::Session& session, std::span<const PairKeys> pairs)
        : session_(session), pairs_(pairs) {}

    std::vector<PairFacts> read() {
        session_.connection().repeat([this] {
            facts_.assign(pairs_.size(), {});
            read_lists();
            read_joined();
        });
        return std::move(facts_);
    }

  private:
    void read_lists() {
        redis::Commands commands;
        for (const auto& keys : pairs_) {
            const auto join_eui = text(keys.pair.join_eui);
            const auto dev_eui = text(keys.pair.dev_eui);
            commands.add("EXISTS", session_.keys().key(KeyKind::js_eui, {join_eui, dev_eui}));
            commands.add("LRANGE", session_.keys().key(KeyKind::js_session_key_ids, {join_eui, dev_eui}), "0",
                         "-1");
        }
        session_.connection().pipeline(commands, [this](std::size_t index, redis::ReplyView reply) {
            auto& facts = facts_[index / 2];
            if (reply.is_error()) {
                facts.fault = reply.error();
            } else if (index % 2 == 0) {
                facts.has_device = reply.integer() == 1;
            } else {
                for (std::size_t item = 0; item < reply.size(); ++item) {
                    facts.list.emplace_back(reply[item].text());
                }
            }
        });
    }

    // Of the listed IDs that were not met as keys: which exist all the same, since a device has joined.
    void read_joined() {
        redis::Commands commands;
        std::vector<std::pair<std::size_t, std::string_view>> asked;
        for (std::size_t index = 0; index < pairs_.size(); ++index) {
            for (const auto& id : facts_[index].list) {
                if (is_known(pairs_[index], id) || fault_of_session_key_id(id)) continue;
                asked.emplace_back(index, id);
                commands.add("EXISTS", session_.keys().key(KeyKind::js_session_key,
                                                           {text(pairs_[index].pair.join_eui),
                                                            text(pairs_[index].pair.dev_eui), id}));
            }
        }
        if (commands.empty()) return;
        session_.connection().pipeline(commands, [&](std::size_t number, redis::ReplyView reply) {
            const auto& [index, id] = asked[number];
            if (reply.is_error()) {
                facts_[index].fault = reply.error();
            } else if (reply.integer() == 1) {
                facts_[index].joined.emplace_back(id);
            }
        });
    }

    key_space::Session& session_;
    std::span<const PairKeys> pairs_;
    std::vector<PairFacts> facts_;
};

}  // namespace

PairChange decide(const PairKeys& keys, const PairFacts& facts, std::size_t limit) {
    PairChange change{.pair = keys.pair, .expected = facts.list};
    const auto ids = all_ids(keys, facts);
    if (!facts.fault.empty()) {
        change.state = PairState::faulty;
    } else if (!facts.has_device) {
        change.state = ids.empty() && facts.list.empty() ? PairState::right : PairState::orphan;
        change.removed = ids;
    } else {
        const auto excess = static_cast<std::ptrdiff_t>(ids.size() > limit ? ids.size() - limit : 0);
        change.removed.assign(ids.begin(), ids.begin() + excess);
        change.kept.assign(ids.begin() + excess, ids.end());
        const bool listed = std::ranges::equal(change.kept, facts.list);
        if (!listed || excess > 0) {
            change.state = facts.list.empty() ? PairState::unlisted : PairState::to_write;
        }
    }
    return change;
}

std::vector<PairFacts> read_facts(key_space::Session& session, std::span<const PairKeys> pairs) {
    return FactsReader(session, pairs).read();
}

}  // namespace tti::join_server
