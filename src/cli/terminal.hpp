#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <ostream>

namespace tti::cli {

using Clock = std::function<std::chrono::steady_clock::time_point()>;

// Where a run writes to. Streams and clock are passed in, so that tests can look.
struct Terminal {
    std::ostream& results;     // standard output
    std::ostream& messages;    // standard error
    bool interactive = false;  // `messages` is a terminal: a bar is redrawn, colours are allowed
    std::size_t width = 80;    // columns of it
    Clock now = std::chrono::steady_clock::now;
    bool screen = false;      // `results` is a terminal: what it shows may be replaced
    std::size_t height = 24;  // lines of it
};

// Columns of the terminal that standard error is; 80 where it does not say.
std::size_t terminal_width();
// Lines of the terminal that standard output is; 24 where it does not say.
std::size_t terminal_height();

}  // namespace tti::cli
