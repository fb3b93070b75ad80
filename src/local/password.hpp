#pragma once

#include "util/secret.hpp"

namespace tti::local {

// Base32 (RFC 4648, lower case, no padding) of 32 random bytes: 52 characters that no shell, URI or file
// needs to escape.
Secret generate_password();

}  // namespace tti::local
