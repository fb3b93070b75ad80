#pragma once

#include <string>

#include "stack/stack_status.hpp"

namespace tti::stack {

// All databases for people: a table, what is not in order, the servers, and the next commands, within 80
// columns. With `colour`, states are coloured too; nothing is said by colour alone.
std::string status_text(const StackStatus& status, bool colour);

}  // namespace tti::stack
