#pragma once

#include <functional>
#include <string>
#include <vector>

#include "backup/manifest.hpp"
#include "postgres/connection.hpp"

namespace tti::backup {

// Whether there is anything of its own in the schema: relations, functions or types that are no extension's.
// A schema that is not there holds nothing.
bool is_empty(postgres::Connection& connection, const std::string& schema);

bool has_timescaledb(postgres::Connection& connection);

// Tables of the schema that are TimescaleDB's hypertables: their rows lie in other schemas.
std::vector<std::string> hypertables(postgres::Connection& connection, const std::string& schema);

// Reads every row of the schema inside the connection's transaction, so that two schemas can be compared over
// servers. `table_done` is called after each table.
SchemaContent read_content(
    postgres::Connection& connection, const std::string& schema,
    const std::function<void()>& table_done = [] {});

// Until the end of the transaction, so that rows have the same text on every server.
void fix_output(postgres::Connection& connection);
// What the rows of a query are, under the name of a table.
TableContent read_rows(postgres::Connection& connection, std::string_view table, const std::string& query);

// How many tables the schema holds, and the bytes that they take at the server.
struct Extent {
    std::int64_t tables = 0;
    std::int64_t bytes = 0;
};
Extent extent(postgres::Connection& connection, const std::string& schema);

// What differs, in words, at most a few; empty where both are equal. Definitions are only compared between
// servers of one major version, which write them alike.
std::vector<std::string> differences(const SchemaContent& archived, const SchemaContent& found,
                                     bool compare_definitions);

// Drops everything of the schema's own in it, in one transaction. The schema stays, and extensions with what
// belongs to them.
void clear_schema(postgres::Connection& connection, const std::string& schema);

// Those that are not there yet, and that create_extensions() could not make.
std::vector<std::string> extensions_out_of_reach(postgres::Connection& connection,
                                                 const std::vector<std::string>& wanted);

// What keeps extensions that are not there yet; the name of each that was made is returned.
std::vector<std::string> create_extensions(postgres::Connection& connection,
                                           const std::vector<std::string>& wanted);

}  // namespace tti::backup
