#pragma once

#include <optional>
#include <string>
#include <vector>

#include "timeseries/keeper.hpp"
#include "timeseries/rollup.hpp"
#include "util/expected.hpp"

namespace tti::timeseries {

// What a schema has where TimescaleDB keeps it, as its owner declares it.
struct DeclaredSchema {
    std::vector<Table> chunked;  // raw tables
    RollUps roll_ups;
    std::vector<std::string> ordinary;  // tables whose rows count as well
    std::vector<std::string> keeping;   // tables about how it is kept, whose rows mean nothing elsewhere
};

// A table of such a schema: enough to make it again in another database, without its rows.
struct KeptTable {
    enum class Kind { ordinary, chunked, roll_up };
    std::string name;
    Kind kind = Kind::ordinary;
    std::vector<std::string> columns;
    std::optional<Span> chunk_length;
    std::optional<Span> keep;            // the retention
    std::optional<Span> compress_after;  // zero is never said
    // Since when all rows are there that ever were; empty where none have gone.
    std::optional<Time> complete_from;
    // Of a roll-up: buckets since then can be made of the rows that are there; empty: none can.
    std::optional<Time> made_from;
};

// As it was at one moment.
struct KeptSchema {
    std::string schema;
    std::vector<std::string> migrations;  // names, ascending
    std::vector<KeptTable> tables;        // each roll-up after its source
};

// Reads inside the connection's transaction. A failure says what in the schema was not declared, so that it
// could not be made again.
Expected<KeptSchema> describe_schema(const Means& means, const std::string& schema,
                                     const DeclaredSchema& declared);

}  // namespace tti::timeseries
