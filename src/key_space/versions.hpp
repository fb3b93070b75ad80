#pragma once

#include <cstdint>
#include <string>

#include "key_space/session.hpp"
#include "lorawan/keys.hpp"

namespace tti::key_space {

// The newest layout of every key space is 1; 0 is the one before, or none at all.
inline constexpr std::int32_t newest_version = 1;

// The schema version at a key: decimal, 0 where it is missing. Throws RefusedError for what is no number,
// with the key.
std::int32_t read_version(Session& session, lorawan::KeyKind kind);
// Throws NewerDatabaseError where it is above newest_version.
std::int32_t read_known_version(Session& session, lorawan::KeyKind kind);
void write_version(Session& session, lorawan::KeyKind kind);

}  // namespace tti::key_space
