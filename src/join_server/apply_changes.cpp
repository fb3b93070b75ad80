#include "join_server/apply_changes.hpp"

#include <algorithm>
#include <array>
#include <string>

#include <fmt/format.h>

#include "lorawan/guarded_script.hpp"
#include "lorawan/keys.hpp"
#include "redis/script.hpp"

namespace tti::join_server {
namespace {

using lorawan::Guarded;
using lorawan::KeyKind;

constexpr std::int64_t script_says_busy = -1;
constexpr std::int64_t script_says_changed = -2;

// Arguments: the prefixes of session keys, lists and EUI index, the owner of the mutex or "", then for every
// piece the pair, its shape, and its expected, removed and kept IDs. A shape is whether a device is there,
// whether the list is written, and the numbers of those IDs; most pieces of a call have the same. Answers one
// number a piece, and how many keys went. What holds of all pieces is asked once.
constexpr std::string_view source = R"lua(
local key_prefix, list_prefix, eui_prefix = ARGV[1], ARGV[2], ARGV[3]
local owner = ARGV[4] ~= '' and ARGV[4] or nil
local call = redis.call
local most = 1000

local shapes = {}
local function shape_of(text)
    local shape = shapes[text]
    if not shape then
        local device, writes, expected, removed, kept = string.match(text, '(%d) (%d) (%d+) (%d+) (%d+)')
        shape = {tonumber(device), writes == '1', tonumber(expected), tonumber(removed), tonumber(kept)}
        shapes[text] = shape
    end
    return shape
end

local pairs_, places, wanted, lists, unlisted, present, absent, at = {}, {}, {}, {}, {}, {}, {}, 5
while ARGV[at] do
    local pair, shape = ARGV[at], shape_of(ARGV[at + 1])
    local n, list, eui = #pairs_ + 1, list_prefix .. pair, eui_prefix .. pair
    pairs_[n], places[n], wanted[n], lists[n] = pair, at + 2, shape, list
    if shape[3] == 0 then unlisted[#unlisted + 1] = list end
    if shape[1] == 1 then present[#present + 1] = eui else absent[#absent + 1] = eui end
    at = at + 2 + shape[3] + shape[4] + shape[5]
end

local function existing(keys)
    return #keys == 0 and 0 or call('EXISTS', unpack(keys))
end
local locked = any_lock(lists)
local as_read = existing(present) == #present and existing(absent) == 0 and existing(unlisted) == 0

local function is_list(list, first, count)
    if #list ~= count then return false end
    for index = 1, count do
        if list[index] ~= ARGV[first + index - 1] then return false end
    end
    return true
end

local doomed = {}
local function apply(n)
    local pair, key, first, shape = pairs_[n], lists[n], places[n], wanted[n]
    local expected, removed, kept = shape[3], shape[4], shape[5]
    if locked and held(key, owner) then return -1 end
    if not as_read and call('EXISTS', eui_prefix .. pair) ~= shape[1] then return -2 end
    local list = {}
    if expected > 0 or not as_read then
        list = call('LRANGE', key, 0, -1)
        if not is_list(list, first, expected) then return -2 end
    end
    local first_removed = first + expected
    local first_kept = first_removed + removed
    local prefix = key_prefix .. pair .. ':'
    for index = first_removed, first_kept - 1 do doomed[#doomed + 1] = prefix .. ARGV[index] end
    if shape[2] and not is_list(list, first_kept, kept) then
        if expected > 0 then call('UNLINK', key) end
        for index = first_kept, first_kept + kept - 1, most do
            call('RPUSH', key, unpack(ARGV, index, math.min(index + most, first_kept + kept) - 1))
        end
    end
    return 0
end

local results = {}
for n = 1, #pairs_ do results[n] = apply(n) end
local gone = 0
for first = 1, #doomed, most do
    gone = gone + call('UNLINK', unpack(doomed, first, math.min(first + most - 1, #doomed)))
end
results[#results + 1] = gone
return results
)lua";

const redis::Script& script() {
    static const redis::Script made = lorawan::guarded_script(source);
    return made;
}

// A part of a change that keeps a script short. The list is written with the last one.
struct Piece {
    std::size_t change = 0;
    std::span<const std::string_view> removed;
    bool last = true;
};
constexpr std::size_t most_removed = 500;
constexpr std::size_t most_ids = 1000;  // of one script: about a millisecond
constexpr std::size_t most_pieces = 64;

std::vector<Piece> pieces_of(std::span<const PairChange> changes) {
    std::vector<Piece> pieces;
    for (std::size_t index = 0; index < changes.size(); ++index) {
        std::span<const std::string_view> removed = changes[index].removed;
        for (; removed.size() > most_removed; removed = removed.subspan(most_removed)) {
            pieces.push_back({index, removed.first(most_removed), false});
        }
        pieces.push_back({index, removed, true});
    }
    return pieces;
}

// Puts the calls of many changes together.
class Calls {
  public:
    Calls(const lorawan::Keys& keys, std::span<const PairChange> changes, std::span<const Piece> pieces,
          std::string_view owner)
        : keys_(keys),
          changes_(changes),
          pieces_(pieces),
          prefixes_{prefix(KeyKind::js_session_key, {"", "", ""}),
                    prefix(KeyKind::js_session_key_ids, {"", ""}), prefix(KeyKind::js_eui, {"", ""})},
          owner_(owner) {
        for (const auto& change : changes) pairs_.push_back(text(change.pair));
    }

    // One call with as many pieces as it may have; the first of the next.
    std::size_t add(redis::Commands& commands, std::size_t first) {
        words_.assign(prefixes_.begin(), prefixes_.end());
        words_.push_back(owner_);
        shapes_.clear();
        shapes_.reserve(most_pieces);  // so that the views stay
        std::size_t ids = 0;
        auto next = first;
        for (; next < pieces_.size() && next - first < most_pieces; ++next) {
            const auto size = ids_of(pieces_[next]);
            if (next > first && ids + size > most_ids) break;
            ids += size;
            add_piece(pieces_[next]);
        }
        script().add_to(commands, {}, words_);
        return next;
    }

  private:
    // Everything up to the parts of a key, without the colons between empty ones.
    [[nodiscard]] std::string prefix(KeyKind kind, std::initializer_list<std::string_view> parts) const {
        auto key = keys_.key(kind, parts);
        key.resize(key.size() - (parts.size() - 1));
        return key;
    }

    [[nodiscard]] std::size_t ids_of(const Piece& piece) const {
        const auto& change = changes_[piece.change];
        return change.expected.size() + piece.removed.size() + change.kept.size();
    }

    void add_piece(const Piece& piece) {
        const auto& change = changes_[piece.change];
        words_.push_back(pairs_[piece.change]);
        shapes_.push_back(fmt::format("{:d} {:d} {} {} {}", change.state != PairState::orphan, piece.last,
                                      change.expected.size(), piece.removed.size(), change.kept.size()));
        words_.emplace_back(shapes_.back());
        words_.insert(words_.end(), change.expected.begin(), change.expected.end());
        words_.insert(words_.end(), piece.removed.begin(), piece.removed.end());
        words_.insert(words_.end(), change.kept.begin(), change.kept.end());
    }

    const lorawan::Keys& keys_;
    std::span<const PairChange> changes_;
    std::span<const Piece> pieces_;
    std::array<std::string, 3> prefixes_;
    std::string_view owner_;
    std::vector<std::string> pairs_;
    std::vector<std::string_view> words_;
    std::vector<std::string> shapes_;
};

}  // namespace

Application::Application(key_space::Session& session, std::span<const PairChange> changes,
                         std::string_view owner)
    : session_(&session), changes_(changes) {
    const auto pieces = pieces_of(changes);
    for (const auto& piece : pieces) pieces_.push_back(piece.change);
    Calls calls(session.keys(), changes, pieces, owner);
    redis::Commands commands;
    for (std::size_t first = 0; first < pieces.size();) {
        firsts_.push_back(first);
        first = calls.add(commands, first);
    }
    session.connection().use(script());
    sent_ = session.connection().send(std::move(commands));
}

Applied Application::receive() {
    Applied applied;
    applied.outcomes.assign(changes_.size(), Guarded::done);
    auto& connection = session_->connection();
    connection.receive(sent_, [&](std::size_t call, redis::ReplyView reply) {
        if (reply.is_error())
            throw redis::server_error(reply.error(), "EVALSHA", connection.target().display());
        const auto pieces = reply.size() - 1;
        for (std::size_t index = 0; index < pieces; ++index) {
            auto& outcome = applied.outcomes[pieces_.at(firsts_[call] + index)];
            const auto result = reply[index].integer();
            if (result == script_says_busy) outcome = Guarded::busy;
            if (result == script_says_changed) outcome = Guarded::changed;
        }
        applied.removed += reply[pieces].integer();
    });
    return applied;
}

Applied apply_guarded(key_space::Session& session, std::span<const PairChange> changes,
                      std::string_view owner) {
    return Application(session, changes, owner).receive();
}

}  // namespace tti::join_server
