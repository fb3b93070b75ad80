#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

#include "util/account.hpp"
#include "util/stop.hpp"

namespace tti::util {

// A program to start. It gets /dev/null as standard input, / as working folder, none of our descriptors but
// `keeps`, and signals as they are by default (main blocks SIGINT and SIGTERM, which children would inherit).
struct Program {
    std::vector<std::string> arguments;         // the first is the path
    std::vector<std::string> environment = {};  // "NAME=value"; all that it gets
    std::optional<Account> account = {};        // to run as; needs root. Empty: as we are
    // A descriptor that it and its children inherit, such as a lock that shall last as long as any of them.
    std::optional<int> keeps = {};
    // Standard error is ours; else it comes with the output.
    bool shares_errors = false;
};

struct Finished {
    int exit_code = 0;   // 128 + number where a signal ended it
    std::string output;  // standard output and, unless shared, standard error
};

// Runs to its end, and is killed when this process dies before. When an end is asked for, the program and its
// children get SIGTERM, and InterruptedError is thrown once it has gone. Throws Error when it cannot be
// started.
Finished run(const Program& program, Stop& stop);

// What goes into a program and comes out of it, piece by piece. Both may throw, which ends the program.
struct Streams {
    std::function<void(std::string_view)> output = [](std::string_view) {};
    // Appends what comes next; false at the end.
    std::function<bool(std::string&)> input = [](std::string&) { return false; };
};
// The same with streams; Finished::output is what it said on standard error. The program and its children
// end with SIGTERM where a stream throws or an end is asked for.
Finished run(const Program& program, const Streams& streams, Stop& stop);

// Starts a program in a session of its own that outlives this process and is nobody's child here. What it
// prints is appended to `log`, which belongs to the account. Returns its process ID. Throws Error when it
// cannot be started.
pid_t start_daemon(const Program& program, const std::filesystem::path& log);

}  // namespace tti::util
