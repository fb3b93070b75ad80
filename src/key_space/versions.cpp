#include "key_space/versions.hpp"

#include <charconv>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "util/error.hpp"

namespace tti::key_space {

std::int32_t read_version(Session& session, lorawan::KeyKind kind) {
    const auto key = session.keys().key(kind);
    std::optional<std::string> found;
    session.connection().repeat([&] {
        const auto reply = session.connection().call("GET", key);
        found = reply->is_nil() ? std::nullopt : std::optional(std::string(reply->text()));
    });
    if (!found) return 0;
    const std::string_view text = *found;
    std::int32_t version = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version);
    if (error != std::errc() || end != text.data() + text.size()) {
        throw RefusedError(
            fmt::format("the schema version at key {} is no number: \"{}\"", key, text.substr(0, 64)),
            "Find out what wrote it; with the key deleted, the migration looks at every record.");
    }
    return version;
}

std::int32_t read_known_version(Session& session, lorawan::KeyKind kind) {
    const auto version = read_version(session, kind);
    if (version > newest_version) {
        throw NewerDatabaseError(fmt::format("the schema version at key {} is {}; this build knows {}",
                                             session.keys().key(kind), version, newest_version),
                                 "Use a newer tti-lw-stack.");
    }
    return version;
}

void write_version(Session& session, lorawan::KeyKind kind) {
    const auto key = session.keys().key(kind);
    session.require_lock();
    session.connection().repeat(
        [&] { session.connection().call("SET", key, std::to_string(newest_version)); });
}

}  // namespace tti::key_space
