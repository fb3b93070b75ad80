#include "memory/due.hpp"

#include <algorithm>
#include <vector>

#include "key_space/versions.hpp"
#include "util/error.hpp"

namespace tti::memory {

Due::Due(key_space::Session& session, std::size_t session_key_limit)
    : session_(session), session_key_limit_(session_key_limit) {
    if (session_key_limit_ == 0) return;
    std::int64_t expected = 0;
    session.connection().repeat([&] { expected = session.connection().call("DBSIZE")->integer(); });
    session_keys_.emplace(expected);
}

void Due::add(std::span<const std::string> page) {
    const auto stream_kinds = network_server::legacy_stream_kinds();
    std::vector<std::string> streams;
    for (const auto& key : page) {
        const auto match = session_.keys().parse(key);
        if (!match) continue;
        if (std::ranges::find(stream_kinds, match->kind) != stream_kinds.end()) streams.push_back(key);
        if (session_keys_) session_keys_->add(*match);
    }
    if (streams.empty()) return;
    prune_.add_legacy(session_, streams, {});
    // Only the numbers are told.
    prune_.legacy_keys.clear();
    prune_.notes.clear();
}

void Due::finish() {
    prune_.finish(session_, {});
    if (session_keys_) session_keys_->finish(session_, session_key_limit_);
}

bool Due::is_recorded(lorawan::KeyKind schema_version) const {
    try {
        return key_space::read_version(session_, schema_version) >= key_space::newest_version;
    } catch (const RefusedError&) {
        return false;  // no number: the migration will say so
    }
}

}  // namespace tti::memory
