#pragma once

#include <libpq-fe.h>

#include "postgres/error.hpp"

namespace tti::postgres {

// What a failed result says; without a SQLSTATE when the failure is libpq's own, a lost connection.
Diagnostics diagnostics_of(const PGresult* failure);

}  // namespace tti::postgres
