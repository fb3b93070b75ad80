#pragma once

#include "database/schema_maker.hpp"
#include "storage_integration/session.hpp"

namespace tti::storage_integration {

// What the schema of stored messages has under TimescaleDB.
timeseries::DeclaredSchema declared_schema(const std::string& schema);

// Makes that schema at an address.
std::unique_ptr<database::SchemaMaker> schema_maker(cli::Context& context,
                                                    database::TimeseriesAddress address);

}  // namespace tti::storage_integration
