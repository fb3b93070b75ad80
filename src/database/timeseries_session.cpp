#include "database/timeseries_session.hpp"

#include <fmt/format.h>

#include "database/address.hpp"
#include "database/search_path.hpp"
#include "database/writer.hpp"
#include "operation/failure_point.hpp"

namespace tti::database {
namespace {

constexpr auto identity_server_setting = "is.database-uri";

// The first of the settings that may hold the address and does.
std::string setting_with_address(const settings::Values& values, Access access,
                                 const TimeseriesPlace& place) {
    if (access == Access::read_replica && !values.secret(place.read_setting).empty())
        return place.read_setting;
    return values.secret(place.write_setting).empty() ? identity_server_setting : place.write_setting;
}

// A search_path in the Identity Server's address names a tenant's schema, which is not ours.
std::string schema_of(const postgres::Uri& uri, const std::string& setting, const char* default_schema) {
    return setting == identity_server_setting || uri.search_path().empty() ? default_schema
                                                                           : uri.search_path();
}

}  // namespace

Access access_to_write(const cli::Context& context) {
    return context.values.boolean("dry-run") ? Access::read : Access::write;
}

std::vector<std::string> database_settings(const TimeseriesPlace& place) {
    return {place.write_setting, place.read_setting, identity_server_setting};
}

TimeseriesAddress timeseries_address(const settings::Values& values, Access access,
                                     const TimeseriesPlace& place) {
    auto setting = setting_with_address(values, access, place);
    auto uri = address(values, setting);
    auto schema = schema_of(uri, setting, place.default_schema);
    return {std::move(setting), std::move(uri), std::move(schema)};
}

TimeseriesSession::TimeseriesSession(cli::Context& context, Access access, const TimeseriesPlace& place)
    : TimeseriesSession(context, access, place, timeseries_address(context.values, access, place)) {}

TimeseriesSession::TimeseriesSession(cli::Context& context, Access access, const TimeseriesPlace& place,
                                     TimeseriesAddress address)
    : context_(context),
      area_(place.area),
      address_(std::move(address)),
      connection_(uri(),
                  {.context = place.context,
                   .mode = access == Access::write ? postgres::Mode::writes : postgres::Mode::read_only,
                   .setting = setting()},
                  context.stop),
      capabilities_(postgres::ask_capabilities(connection_, context.stop)) {
    if (access == Access::write) postgres::require_writable(capabilities_, uri(), setting());
    set_search_path(connection_, schema());
}

postgres::Bookkeeping TimeseriesSession::bookkeeping() {
    return postgres::read_bookkeeping(connection_, {schema()}).at(schema());
}

timeseries::Means TimeseriesSession::means() {
    return {connection_, context_.stop, [this](std::string_view blockers, int attempt) {
                context_.reporter.log(
                    operation::Level::info,
                    fmt::format("Waiting for a lock, try {}; it is held by {}", attempt, blockers));
            }};
}

std::unique_ptr<timeseries::Keeper> TimeseriesSession::keeper(timeseries::Way way) {
    return timeseries::make_keeper(way, means());
}

void TimeseriesSession::apply(std::string_view migration, std::int64_t group,
                              const std::function<void()>& work) {
    operation::failure_point("before migration");
    postgres::with_short_locks(connection_, context_.stop, {}, means().blocked,
                               [&](postgres::Connection& inside) {
                                   create_schema(inside, schema());
                                   postgres::create_bookkeeping(inside, schema());
                                   work();
                                   operation::failure_point("inside migration");
                                   postgres::mark_applied(inside, schema(), std::string(migration), group);
                               });
    operation::failure_point("after migration");
}

ExitCode TimeseriesSession::run(operation::Operation& operation) {
    Writer writer(context_, uri(), area_, setting());
    writer.run(operation);
    return ExitCode::done;
}

}  // namespace tti::database
