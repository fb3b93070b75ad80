#pragma once

#include <functional>
#include <string>

#include "operation/runner.hpp"
#include "timeseries/kept_schema.hpp"

namespace tti::database {

// Makes a schema of tables in chunks again as it was kept elsewhere, in the order of these calls. A schema
// that was begun and not finished is cleared, and begun again.
class SchemaMaker {
  public:
    SchemaMaker() = default;
    SchemaMaker(const SchemaMaker&) = delete;
    SchemaMaker& operator=(const SchemaMaker&) = delete;
    virtual ~SchemaMaker() = default;

    virtual postgres::Connection& connection() = 0;
    // The tables of its migrations, without rows, in a schema that is empty or not there. What removes or
    // refreshes by itself stands still from then on. Throws RefusedError for a layout that this build does
    // not know, before anything is made.
    virtual void create(const timeseries::KeptSchema& kept, timeseries::Way way,
                        operation::StepContext& step) = 0;
    // Rows of one table after the other in the order of `kept`, by `copy` into the relation that it is told.
    using Copy = std::function<void(const std::string& relation)>;
    virtual void load(const timeseries::KeptTable& table, const Copy& copy) = 0;
    // Brings it up to date with its rows, and begins to keep it as it was kept.
    virtual void finish(const timeseries::KeptSchema& kept) = 0;
};

// What both owners of such schemas do alike.

// Throws RefusedError where `known` lacks a migration of the schema.
void require_known_layout(const timeseries::KeptSchema& kept, const std::vector<std::string>& known);
// Empties an ordinary table, which the migrations may have filled, and copies rows into it, in one
// transaction.
void load_ordinary(postgres::Connection& connection, const std::string& relation,
                   const SchemaMaker::Copy& copy);
// Chunks that its rows need and that are not there: on partitions alone.
void make_chunks(timeseries::Keeper& keeper, postgres::Connection& connection,
                 const timeseries::Table& table);

}  // namespace tti::database
