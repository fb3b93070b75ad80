#pragma once

#include <string>
#include <vector>

#include "backup/manifest.hpp"
#include "postgres/connection.hpp"

namespace tti::backup {

// A moment of one database that several connections can read: exported from a connection whose transaction
// (REPEATABLE READ, read-only) is kept open as long as this is used.
class Snapshot {
  public:
    // What TimescaleDB keeps in `schemas` is locked before that moment, as pg_dump does with tables: no chunk
    // is dropped or compressed until the end of this.
    Snapshot(postgres::Connection& connection, const std::vector<std::string>& schemas);

    [[nodiscard]] const std::string& id() const { return id_; }
    [[nodiscard]] postgres::Connection& connection() const { return connection_; }
    // Address, versions and moment.
    [[nodiscard]] const DatabaseEntry& database() const { return database_; }

  private:
    postgres::Connection& connection_;
    std::string id_;
    DatabaseEntry database_;
};

// Extensions that something in the schema is built on, and those that were put into it. TimescaleDB is not
// one of them: what it keeps cannot be dumped schema by schema.
std::vector<std::string> needed_extensions(postgres::Connection& connection, const std::string& schema);

}  // namespace tti::backup
