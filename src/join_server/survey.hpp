#pragma once

#include <cstdint>
#include <vector>

#include "join_server/pair_change.hpp"
#include "join_server/session_keys.hpp"
#include "key_space/session.hpp"
#include "operation/failures.hpp"

namespace tti::join_server {

// What one walk over the session keys finds, without changing anything.
struct Survey {
    // What is known of a pair that is due, so that most need not be read again.
    enum class Due : std::uint8_t { nothing, unlisted_orphan, unlisted, other };

    explicit Survey(std::int64_t expected) : keys(expected) {}

    // What a walk has come by: session keys, lists, and the end devices' EUIs; any other kind is passed over.
    void add(const lorawan::Keys::Match& match);
    // After the walk: reads the lists, and decides. `limit` is js.session-key-limit; 0 looks at nothing but
    // the keys themselves.
    void finish(key_space::Session& session, std::size_t limit);

    SessionKeys keys;
    std::vector<Due> due;  // of every pair, in the order of keys.for_each()
    std::int64_t session_keys = 0;
    std::int64_t pairs = 0;        // of EUIs that have session keys or a list
    std::int64_t orphans = 0;      // pairs without a device
    std::int64_t orphan_keys = 0;  // their session keys
    std::int64_t orphan_lists = 0;
    std::int64_t over_limit = 0;  // session keys
    std::int64_t lists = 0;       // to write, or to remove with an orphan
    operation::Failures faulty;

    [[nodiscard]] std::int64_t due_pairs() const;
};

// All of it, in a walk of its own.
Survey survey(key_space::Session& session, std::size_t limit);

// js.session-key-limit. Throws UsageError where it is negative.
std::size_t session_key_limit(const settings::Values& values);

}  // namespace tti::join_server
