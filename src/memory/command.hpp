#pragma once

#include "cli/command.hpp"

namespace tti::memory {

// What lies in Redis, in LoRaWAN words.
cli::Command memory_command();

}  // namespace tti::memory
