#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "postgres/capabilities.hpp"
#include "postgres/lock_safe.hpp"
#include "timeseries/chunk.hpp"
#include "timeseries/way.hpp"

namespace tti::timeseries {

// What a keeper works with. The connection's search_path does not matter.
struct Means {
    postgres::Connection& connection;
    util::Stop& stop;
    postgres::Blocked blocked;  // told who holds a lock that is waited for
};

// Keeps tables in chunks of time. Each call is durable when it returns and may be given again when it throws,
// unless it says that it belongs inside a transaction. Reading calls write nothing.
class Keeper {
  public:
    Keeper() = default;
    Keeper(const Keeper&) = delete;
    Keeper& operator=(const Keeper&) = delete;
    virtual ~Keeper() = default;

    [[nodiscard]] virtual Way way() const = 0;
    // Whether expired chunks go without a maintenance run of ours.
    [[nodiscard]] virtual bool works_by_itself() const = 0;

    // What CREATE TABLE of a table in chunks ends with: " PARTITION BY RANGE (received_at)", or nothing.
    [[nodiscard]] virtual std::string create_clause(const std::string& time_column) const = 0;
    // Begins to keep a new, empty table that was created with the clause; inside a transaction.
    virtual void adopt(const Table& table, Span chunk_length) = 0;

    virtual Span chunk_length(const Table& table) = 0;
    // For chunks that are made from now on.
    virtual void set_chunk_length(const Table& table, Span length) = 0;

    // Ascending by time.
    virtual std::vector<Chunk> chunks(const Table& table) = 0;
    // Rows in no chunk, by the chunk that they belong in, ascending.
    virtual std::vector<Chunk> strays(const Table& table) = 0;
    virtual void drop(const Table& table, const Chunk& chunk) = 0;

    virtual std::optional<Retention> retention(const Table& table) = 0;
    // Empty: everything is kept. Drops nothing by itself now; a job may at once.
    virtual void set_retention(const Table& table, std::optional<Span> keep) = 0;

    // Whether chunks can be compressed here at all.
    [[nodiscard]] virtual bool can_compress() const = 0;
    virtual std::optional<Compression> compression(const Table& table) = 0;
    // For chunks that get that old from now on; empty: none, and compressed ones stay so. Rows that are read
    // together have the same value in `together`, as a list of columns.
    virtual void set_compression(const Table& table, std::optional<Span> after,
                                 const std::string& together) = 0;

    // The chunks that should be made now; those that strays belong in included.
    virtual std::vector<Range> missing(const Table& table, Time now) = 0;
    // Makes one of them, and moves the strays of its time into it; rows moved.
    virtual std::int64_t make(const Table& table, const Range& range) = 0;
    // Remembers that a maintenance run has just ended well.
    virtual void note_run(const Table& table) = 0;
};

std::unique_ptr<Keeper> make_keeper(Way way, Means means);

// The SQL of a migration, with the keeper's clause wherever "/* in chunks of received_at */" stands.
std::string sql_in_chunks(std::string sql, const Keeper& keeper);
// Whether there is a table of that name, however it is kept.
bool exists(postgres::Connection& connection, const Table& table);

// How the table is kept now; empty where there is no such table, or it is an ordinary one.
std::optional<Way> kept_as(postgres::Connection& connection, const Table& table);
// Whether TimescaleDB is in this database, and under the licence that has policies, compression and
// continuous aggregates: "apache" has none of them.
bool has_timescaledb(postgres::Connection& connection, const postgres::Capabilities& capabilities);
// How new tables are kept best: by TimescaleDB where it is.
Way preferred_way(postgres::Connection& connection, const postgres::Capabilities& capabilities);

Time server_now(postgres::Connection& connection);
// Counted, not estimated.
std::int64_t count_rows(postgres::Connection& connection, const Chunk& chunk);

}  // namespace tti::timeseries
