#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "network_operations_center/session.hpp"

namespace tti::network_operations_center {

struct NetId {
    std::uint32_t number = 0;  // 24 bits: type (3), network
    std::string holder;
};

// Who the LoRa Alliance has given NetIDs to, as file net_ids.tsv has it, with where that is from.
struct NetIds {
    std::string revision;
    std::vector<NetId> all;  // ascending
};
const NetIds& net_ids();

// "000013"
std::string format_net_id(std::uint32_t number);

// Empty where none are stored.
std::string stored_net_ids_revision(Session& session);
// Replaces those that are stored by those of this build, in one transaction.
void store_net_ids(Session& session);

cli::Command net_ids_command();

}  // namespace tti::network_operations_center
