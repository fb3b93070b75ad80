#pragma once

#include <functional>
#include <string>

#include "backup/archive.hpp"
#include "backup/components.hpp"
#include "backup/kept_entry.hpp"
#include "backup/manifest.hpp"
#include "database/schema_maker.hpp"
#include "database/timeseries_session.hpp"

namespace tti::backup {

// Schemas that TimescaleDB keeps: pg_dump, schema by schema, does not take its chunks. Their rows are copied,
// and what they lie in is made by those who own its layout.

// How the component's schema is kept. A failure names what in it is not of this program's layout.
Expected<timeseries::KeptSchema> describe_kept(postgres::Connection& connection, util::Stop& stop,
                                               const std::string& component, const std::string& schema);

// The rows of a table as COPY writes them in its text form, inside the connection's transaction.
void copy_rows_out(postgres::Connection& connection, const timeseries::KeptSchema& kept,
                   const timeseries::KeptTable& table, Sink& to);

std::vector<SequenceEntry> read_sequences(postgres::Connection& connection, const std::string& schema);

// What read_content() tells of such a schema: the rows of its tables, however they are kept.
SchemaContent read_kept_content(
    postgres::Connection& connection, const timeseries::KeptSchema& kept,
    const std::function<void()>& table_done = [] {});

// Who makes the schema of a component at an address.
std::unique_ptr<database::SchemaMaker> maker_of(cli::Context& context, const std::string& component,
                                                database::TimeseriesAddress address);

// Makes it in the way given, with the rows of the archive; the schema is empty, or not there.
void load_kept(database::SchemaMaker& maker, ArchiveReader& archive, const SchemaEntry& entry,
               timeseries::Way way, operation::StepContext& context);

}  // namespace tti::backup
