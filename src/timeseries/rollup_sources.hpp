#pragma once

#include <optional>
#include <string>

#include "postgres/connection.hpp"
#include "timeseries/time.hpp"

namespace tti::timeseries {

// Since when the rows of what roll-ups are built on are all there: table roll_up_sources of their schema.
// Buckets of older ones cannot be made anew and stay as they are.

// Creates that table.
std::string roll_up_sources_sql(const std::string& schema);

// Begins to remember it of a source, whose rows are all there. False where it is remembered already.
bool remember_source(postgres::Connection& connection, const std::string& schema, const std::string& source);
// Rows older than that have gone, or are about to.
void note_gone(postgres::Connection& connection, const std::string& schema, const std::string& source,
               Time before);
// Empty where none have ever gone, or nothing is remembered.
std::optional<Time> complete_from(postgres::Connection& connection, const std::string& schema,
                                  const std::string& source);

}  // namespace tti::timeseries
