#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tti::application_server {

enum class RecordState : std::uint8_t {
    right,
    to_change,  // a session still has the started_at that servers before release 3.16 kept
    broken,     // not the text form of an end device; nobody could read it
};

struct Judgement {
    RecordState state = RecordState::right;
    std::string value;   // of one to change: what it should be
    std::string reason;  // of a broken one
};

// Looks at the value of an end device's key. Only the sessions are looked into; everything else stays byte
// for byte.
Judgement judge(std::string_view record);

}  // namespace tti::application_server
