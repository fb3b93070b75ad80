#pragma once

#include "database/schema_maker.hpp"
#include "network_operations_center/session.hpp"

namespace tti::network_operations_center {

// What the schema of the Network Operations Center has under TimescaleDB.
timeseries::DeclaredSchema declared_schema(const std::string& schema);

// Makes that schema at an address.
std::unique_ptr<database::SchemaMaker> schema_maker(cli::Context& context,
                                                    database::TimeseriesAddress address);

}  // namespace tti::network_operations_center
