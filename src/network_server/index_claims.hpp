#pragma once

#include <functional>
#include <span>
#include <vector>

#include "key_space/walk.hpp"
#include "network_server/record_index.hpp"
#include "operation/failures.hpp"

namespace tti::network_server {

// An entry as it stands in an index, whatever its record says. `fields` and `score` are empty.
struct Claim {
    IndexEntry entry;
    bool in_fields = false;  // read from the hash beside the sorted set
};

// The kinds of keys that make up the indexes.
std::vector<lorawan::KeyKind> index_key_kinds();

// Reads what these index keys hold, a bounded amount at a time. What cannot be read (a key of another type)
// goes to `failures`.
void read_claims(key_space::Session& session, std::span<const key_space::FoundKey> keys,
                 operation::Failures& failures, const std::function<void(std::vector<Claim>&)>& some);

}  // namespace tti::network_server
