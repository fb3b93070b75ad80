#include "util/exit_code.hpp"

#include <algorithm>
#include <array>

namespace tti {
namespace {

constexpr std::array entries{
    ExitCodeEntry{ExitCode::done, "done", "Everything asked for is done; nothing is due."},
    ExitCodeEntry{ExitCode::unexpected, "unexpected",
                  "An error that no other code describes, such as a statement that the server refused."},
    ExitCodeEntry{ExitCode::usage, "usage", "A wrong command, option or value. Nothing was changed."},
    ExitCodeEntry{ExitCode::due, "due",
                  "Something is due or differs from what it should be: a migration, or drift of the schema."},
    ExitCodeEntry{ExitCode::unreachable, "unreachable",
                  "A server could not be reached, or the connection to it was lost."},
    ExitCodeEntry{ExitCode::locked, "locked",
                  "Another run, or a session of the stack, holds the lock that is needed."},
    ExitCodeEntry{ExitCode::refused, "refused",
                  "A guard refused: something would be lost or would fail. Nothing was changed."},
    ExitCodeEntry{ExitCode::partly_failed, "partly-failed",
                  "Some parts were done and some failed; the message names the failed ones."},
    ExitCodeEntry{ExitCode::newer_database, "newer-database",
                  "The database is newer than this build. Nothing was changed."},
    ExitCodeEntry{ExitCode::never_started, "never-started",
                  "A task was requested but its container never started."},
    ExitCodeEntry{ExitCode::interrupted, "interrupted",
                  "Stopped at a safe point by Ctrl-C, SIGTERM or --until; the same command continues."},
};

}  // namespace

std::span<const ExitCodeEntry> exit_codes() {
    return entries;
}

std::string_view name_of(ExitCode code) {
    const auto entry = std::ranges::find(entries, code, &ExitCodeEntry::code);
    return entry == entries.end() ? "unexpected" : entry->name;
}

}  // namespace tti
