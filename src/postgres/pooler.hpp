#pragma once

#include "postgres/connection.hpp"

namespace tti::postgres {

// Whether statements of one connection may reach different server processes: a pooler in transaction or
// statement mode. Opens two further connections where the process number shows that something is in between.
bool behind_transaction_pooler(Connection& connection, util::Stop& stop);

}  // namespace tti::postgres
