#pragma once

#include <map>
#include <string>

#include "postgres/uri.hpp"
#include "util/expected.hpp"

namespace tti::postgres {

// An address as PostgreSQL's own programs (pg_dump, pg_restore) take it: variables for all that libpq has
// variables for, the password among them, so that no argument holds a secret. `rest` is a connection string
// for what has none. A failure names a secret that cannot be handed on that way.
struct ProgramAddress {
    std::map<std::string, std::string> variables;
    std::string rest;
};
Expected<ProgramAddress> program_address(const Uri& uri);

}  // namespace tti::postgres
