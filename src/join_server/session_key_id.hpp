#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace tti::join_server {

// The ID of a session key as it stands in keys and lists: bytes in standard base64 without padding. The
// stack's own are ULIDs, so the order of the bytes is the order of time.

inline constexpr std::size_t longest_session_key_id = 255;  // the stack's have 22 characters

// What is wrong with it; nothing where it is right. One text for one ID: bits that are left over must be
// zero.
std::optional<std::string> fault_of_session_key_id(std::string_view text);

// Whether the bytes of `a` come before those of `b`, both being right.
bool is_older(std::string_view a, std::string_view b);

// When it was made; nothing where it is no ULID.
std::optional<std::chrono::sys_time<std::chrono::milliseconds>> time_of_session_key_id(std::string_view text);

}  // namespace tti::join_server
