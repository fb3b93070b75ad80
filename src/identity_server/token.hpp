#pragma once

#include <string>

#include "util/secret.hpp"

namespace tti::identity_server {

// A token "PREFIX.ID.KEY" of the stack; what is stored is the ID and a hash of the key's characters.
struct Token {
    std::string id;  // 39 characters
    Secret key;      // 52 characters
    Secret text;     // the whole token, for its owner
};

Token generate_api_key();
// A key part alone: what the stack takes as a client's secret.
Secret generate_key();

}  // namespace tti::identity_server
