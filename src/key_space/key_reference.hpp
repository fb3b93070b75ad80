#pragma once

#include "cli/reference.hpp"

namespace tti::key_space {

// "keys": every kind of key in Redis, by the server that owns it.
cli::ReferencePage keys_page();

}  // namespace tti::key_space
