#pragma once

#include <string_view>

#include "postgres/connection.hpp"

namespace tti::postgres {

// Runs statements of CREATE … IF NOT EXISTS, again from their start where another session makes the same at
// that moment: IF NOT EXISTS does not see what is not committed yet, and fails once it is. Must not be called
// inside a transaction.
void create_if_missing(Connection& connection, std::string_view sql);

}  // namespace tti::postgres
