#include "cli/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

namespace tti::cli {

std::size_t terminal_width() {
    constexpr std::size_t usual = 80;
    winsize size{};
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : usual;
}

}  // namespace tti::cli
