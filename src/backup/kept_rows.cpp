#include "backup/kept_rows.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "backup/schema_content.hpp"
#include "network_operations_center/schema_maker.hpp"
#include "operation/failure_point.hpp"
#include "storage_integration/schema_maker.hpp"
#include "util/error.hpp"

namespace tti::backup {
namespace {

using postgres::quote_identifier;
using timeseries::KeptSchema;
using timeseries::KeptTable;

constexpr std::size_t portion = std::size_t{1} << 16U;

std::string column_list(const KeptTable& table) {
    std::vector<std::string> names;
    for (const auto& column : table.columns) names.push_back(quote_identifier(column));
    return fmt::format("{}", fmt::join(names, ", "));
}

std::string qualified(const std::string& schema, const std::string& name) {
    return quote_identifier(schema) + "." + quote_identifier(name);
}

std::int64_t copy_rows_in(postgres::Connection& connection, const std::string& relation,
                          const KeptTable& table, Source& from) {
    return connection.copy_in(fmt::format("COPY {} ({}) FROM STDIN", relation, column_list(table)),
                              [&from](std::string& bytes) {
                                  const auto before = bytes.size();
                                  bytes.resize(before + portion);
                                  const auto read = from.read({bytes.data() + before, portion});
                                  bytes.resize(before + read);
                                  operation::failure_point("inside load rows");
                                  return read > 0;
                              });
}

void set_sequences(postgres::Connection& connection, const SchemaEntry& entry) {
    for (const auto& sequence : entry.kept->sequences) {
        if (!sequence.value) continue;
        connection.query("SELECT setval($1::regclass, $2::bigint)",
                         {qualified(entry.schema, sequence.name), std::to_string(*sequence.value)});
    }
}

}  // namespace

Expected<KeptSchema> describe_kept(postgres::Connection& connection, util::Stop& stop,
                                   const std::string& component, const std::string& schema) {
    timeseries::DeclaredSchema declared;
    if (component == "storage") declared = storage_integration::declared_schema(schema);
    if (component == "noc") declared = network_operations_center::declared_schema(schema);
    if (component == "is") return unexpected(hypertables(connection, schema).front());
    return timeseries::describe_schema({connection, stop, {}}, schema, declared);
}

void copy_rows_out(postgres::Connection& connection, const KeptSchema& kept, const KeptTable& table,
                   Sink& to) {
    fix_output(connection);
    std::string bytes;
    connection.copy_out(fmt::format("COPY (SELECT {} FROM {}) TO STDOUT", column_list(table),
                                    qualified(kept.schema, table.name)),
                        [&](std::string_view row) {
                            bytes += row;
                            if (bytes.size() < portion) return;
                            to.write(bytes);
                            bytes.clear();
                        });
    to.write(bytes);
}

std::vector<SequenceEntry> read_sequences(postgres::Connection& connection, const std::string& schema) {
    const auto rows = connection.query(
        "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = $1 ORDER BY 1", {schema});
    std::vector<SequenceEntry> sequences;
    sequences.reserve(static_cast<std::size_t>(rows.rows()));
    for (int row = 0; row < rows.rows(); ++row) {
        sequences.push_back({std::string(rows.text(row, 0)),
                             rows.is_null(row, 1) ? std::nullopt : std::optional(rows.integer(row, 1))});
    }
    return sequences;
}

SchemaContent read_kept_content(postgres::Connection& connection, const KeptSchema& kept,
                                const std::function<void()>& table_done) {
    SchemaContent content;
    if (!kept.migrations.empty()) content.layout = kept.migrations.back();
    for (const auto& table : kept.tables) {
        const auto relation = qualified(kept.schema, table.name);
        if (connection.query("SELECT to_regclass($1)", {relation}).is_null(0, 0)) continue;
        fix_output(connection);
        content.tables.push_back(read_rows(connection, table.name,
                                           fmt::format("SELECT {} FROM {}", column_list(table), relation)));
        table_done();
    }
    return content;
}

std::unique_ptr<database::SchemaMaker> maker_of(cli::Context& context, const std::string& component,
                                                database::TimeseriesAddress address) {
    if (component == "storage") return storage_integration::schema_maker(context, std::move(address));
    if (component == "noc") return network_operations_center::schema_maker(context, std::move(address));
    throw UsageError(fmt::format("the archive holds \"{}\" as TimescaleDB keeps it", component),
                     "Use the release of tti-lw-stack that wrote it.");
}

void load_kept(database::SchemaMaker& maker, ArchiveReader& archive, const SchemaEntry& entry,
               timeseries::Way way, operation::StepContext& context) {
    const auto& kept = entry.kept->schema;
    maker.create(kept, way, context);
    operation::failure_point("after make tables");
    for (std::size_t i = 0; i < kept.tables.size(); ++i) {
        const auto& table = kept.tables[i];
        maker.load(table, [&](const std::string& relation) {
            archive.read(entry.kept->files.at(i), [&](Source& source) {
                static_cast<void>(copy_rows_in(maker.connection(), relation, table, source));
            });
        });
        operation::failure_point("after load table");
        context.safe_point();
    }
    set_sequences(maker.connection(), entry);
}

}  // namespace tti::backup
