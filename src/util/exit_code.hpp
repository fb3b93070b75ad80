#pragma once

#include <span>
#include <string_view>

namespace tti {

// What the process tells its caller. The numbers are a stable interface: scripts depend on them.
enum class ExitCode : int {
    done = 0,
    unexpected = 1,
    usage = 2,
    due = 3,
    unreachable = 4,
    locked = 5,
    refused = 6,
    partly_failed = 7,
    newer_database = 8,
    never_started = 9,
    interrupted = 130,  // 128 + SIGINT, as shells count
};

struct ExitCodeEntry {
    ExitCode code;
    std::string_view name;     // in JSON output
    std::string_view meaning;  // in the manual
};

// Every exit code once, in ascending order.
std::span<const ExitCodeEntry> exit_codes();

std::string_view name_of(ExitCode code);

}  // namespace tti
