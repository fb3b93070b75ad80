#pragma once

#include <string>
#include <vector>

#include "lorawan/keys.hpp"
#include "operation/area.hpp"

namespace tti::key_space {

// What the commands of a database send, one example of each that an ACL may forbid: to be asked for before
// anything is written. Scripts are held to the ACL in what they call, so that is here too.
std::vector<std::vector<std::string>> needed_permissions(operation::Area area, const lorawan::Keys& keys);

}  // namespace tti::key_space
