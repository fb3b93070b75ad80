#include "backup/time_text.hpp"

#include <chrono>

#include <fmt/chrono.h>

namespace tti::backup {

std::string now_text() {
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::now()));
}

}  // namespace tti::backup
