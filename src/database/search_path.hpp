#pragma once

#include <string>

#include "postgres/connection.hpp"

namespace tti::database {

// Makes `schema` the connection's search_path, with that of TimescaleDB's functions behind it: they are found
// by name alone, in the schema that the extension was installed in.
void set_search_path(postgres::Connection& connection, const std::string& schema);

// Looked up first: IF NOT EXISTS asks for the right to create even where nothing is to be created.
void create_schema(postgres::Connection& connection, const std::string& schema);

}  // namespace tti::database
