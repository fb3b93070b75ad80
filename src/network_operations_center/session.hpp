#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/context.hpp"
#include "operation/operation.hpp"
#include "postgres/capabilities.hpp"
#include "postgres/connection.hpp"
#include "postgres/migrator.hpp"
#include "timeseries/rollup_keeper.hpp"

namespace tti::network_operations_center {

// The schema that the tables live in: beside those of the Identity Server, unless the address names another
// as search_path.
inline constexpr std::string_view default_schema = "noc";

enum class Access {
    read,          // one read-only transaction: the server refuses writes
    read_replica,  // the same, on read-database-uri where that is set
    write,         // autocommit, on a server that takes writes and session locks
};

// The database of the Network Operations Center, open for one command.
class Session {
  public:
    // Throws UsageError for a bad address, ConnectionError, or RefusedError when the server cannot do what
    // `access` needs.
    Session(cli::Context& context, Access access);

    postgres::Connection& connection() { return connection_; }
    cli::Context& context() { return context_; }
    [[nodiscard]] const postgres::Capabilities& capabilities() const { return capabilities_; }
    [[nodiscard]] const postgres::Uri& uri() const { return uri_; }
    [[nodiscard]] const std::string& schema() const { return schema_; }
    [[nodiscard]] const std::string& setting() const { return setting_; }
    [[nodiscard]] postgres::Bookkeeping bookkeeping();
    // Quoted, for SQL.
    [[nodiscard]] std::string relation(std::string_view table) const;

    // How the raw tables are kept now; empty where there are none.
    std::optional<timeseries::Way> kept_as();
    std::unique_ptr<timeseries::Keeper> keeper(timeseries::Way way);
    std::unique_ptr<timeseries::RollUpKeeper> roll_up_keeper(timeseries::Way way);
    timeseries::Means means();

  private:
    cli::Context& context_;
    std::string setting_;
    postgres::Uri uri_;
    std::string schema_;
    postgres::Connection connection_;
    postgres::Capabilities capabilities_;
};

// The settings that opening the database needs.
std::vector<std::string> database_settings();

// Runs an operation of a writing command through the runner.
ExitCode run_writing(cli::Context& context,
                     const std::function<std::unique_ptr<operation::Operation>(Session&)>& make);
// Runs `body` on a session that only reads.
ExitCode run_reading(cli::Context& context, Access access, const std::function<ExitCode(Session&)>& body);

}  // namespace tti::network_operations_center
