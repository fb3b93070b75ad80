#pragma once

#include <libpq-fe.h>

#include "postgres/connection.hpp"

namespace tti::postgres {

// PQsendQueryParams with its return value.
int send_statement(PGconn* connection, const Statement& statement);

}  // namespace tti::postgres
