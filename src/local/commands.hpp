#pragma once

#include "cli/command.hpp"

namespace tti::local {

// `local up`, `down`, `status`, `env`, `reset`.
cli::Command commands();

}  // namespace tti::local
