#pragma once

#include <compare>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "util/expected.hpp"

namespace tti::stack {

// A release of The Things Stack. Patches are counted from 0.
struct Release {
    int major = 0;
    int minor = 0;
    int patch = 0;
    auto operator<=>(const Release&) const = default;
};
std::string format(const Release& release);  // "3.24.0"

// "3.24.1", "v3.24.1", "3.24.1-aws" (as images are tagged), "3.24". A text without a patch means the first
// one, or with `last_patch` the last that there may be.
Expected<Release> parse_release(std::string_view text, bool last_patch);

// Who does a step of an upgrade.
enum class DoneBy {
    upgrade,  // this program's command of that name, when `upgrade` finds it due
    asked,    // this program's command of that name, when somebody asks for it
    stack,    // the stack's own command of that name
    hand,     // an operator
    nobody,   // needless with this program, or since a later release
};
std::string_view describe(DoneBy by);  // "upgrade", "asked", "stack", "hand", "nobody": for programs

struct ReleaseStep {
    Release release;
    std::string_view name;  // "is-db migrate", "psql refresh"
    DoneBy by;
    std::optional<Release> gone;  // since then nothing reads what the step made
    std::string_view what;
};

// Every step that release notes and the guide for updates name, oldest first (migrations/stack/releases.tsv).
std::span<const ReleaseStep> release_steps();
// Those between two releases, the second included; what is gone by then is done by nobody.
std::vector<ReleaseStep> release_steps_between(const Release& from, const Release& to);

}  // namespace tti::stack
