#pragma once

#include "operation/condition.hpp"
#include "postgres/connection.hpp"

namespace tti::database {

// What this PostgreSQL tells of archiving and replication: pg_stat_archiver, replication slots, and the
// servers that follow it. A role needs no rights for them.
operation::Backups backups(postgres::Connection& connection);

}  // namespace tti::database
