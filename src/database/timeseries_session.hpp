#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/context.hpp"
#include "operation/area.hpp"
#include "operation/operation.hpp"
#include "postgres/capabilities.hpp"
#include "postgres/connection.hpp"
#include "postgres/migrator.hpp"
#include "timeseries/keeper.hpp"

namespace tti::database {

enum class Access {
    read,          // one read-only transaction: the server refuses writes
    read_replica,  // the same, on the address for reading where that is set
    write,         // autocommit, on a server that takes writes and session locks
};
// What the plan of a writing command, or the command itself, needs.
Access access_to_write(const cli::Context& context);

// A database of tables in chunks of time: what it is called, and which settings say where it is. Without an
// address of its own it is beside the Identity Server's tables.
struct TimeseriesPlace {
    const char* context;  // in messages
    const char* write_setting;
    const char* read_setting;
    const char* default_schema;  // unless the address of its own names another as search_path
    operation::Area area;
};
// The settings that opening it needs.
std::vector<std::string> database_settings(const TimeseriesPlace& place);

// Where it is, by the settings.
struct TimeseriesAddress {
    std::string setting;  // the one that the address comes from
    postgres::Uri uri;
    std::string schema;
};
// Throws UsageError for a bad address.
TimeseriesAddress timeseries_address(const settings::Values& values, Access access,
                                     const TimeseriesPlace& place);

// Such a database, open for one command.
class TimeseriesSession {
  public:
    // Throws UsageError for a bad address, ConnectionError, or RefusedError when the server cannot do what
    // `access` needs.
    TimeseriesSession(cli::Context& context, Access access, const TimeseriesPlace& place);
    // The same at another address than that of the settings.
    TimeseriesSession(cli::Context& context, Access access, const TimeseriesPlace& place,
                      TimeseriesAddress address);

    postgres::Connection& connection() { return connection_; }
    cli::Context& context() { return context_; }
    [[nodiscard]] const postgres::Capabilities& capabilities() const { return capabilities_; }
    [[nodiscard]] const postgres::Uri& uri() const { return address_.uri; }
    [[nodiscard]] const std::string& schema() const { return address_.schema; }
    // Where the address comes from.
    [[nodiscard]] const std::string& setting() const { return address_.setting; }
    [[nodiscard]] operation::Area area() const { return area_; }
    [[nodiscard]] postgres::Bookkeeping bookkeeping();

    std::unique_ptr<timeseries::Keeper> keeper(timeseries::Way way);
    timeseries::Means means();

    // Does the work of a migration and marks it as applied, in one transaction. Schema and bookkeeping are
    // made where they are not there.
    void apply(std::string_view migration, std::int64_t group, const std::function<void()>& work);

    // Takes an operation of a writing command through the runner.
    ExitCode run(operation::Operation& operation);

  private:
    cli::Context& context_;
    operation::Area area_;
    TimeseriesAddress address_;
    postgres::Connection connection_;
    postgres::Capabilities capabilities_;
};

// Runs an operation of a writing command on a session of its own through the runner.
template <typename Session>
ExitCode run_writing(cli::Context& context,
                     const std::function<std::unique_ptr<operation::Operation>(Session&)>& make) {
    Session session(context, access_to_write(context));
    return session.run(*make(session));
}

// Runs `body` on a session that only reads.
template <typename Session>
ExitCode run_reading(cli::Context& context, Access access, const std::function<ExitCode(Session&)>& body) {
    Session session(context, access);
    return body(session);
}

}  // namespace tti::database
