#include "network_operations_center/session.hpp"

#include <fmt/format.h>

#include "database/address.hpp"
#include "database/search_path.hpp"
#include "database/writer.hpp"
#include "network_operations_center/layout.hpp"

namespace tti::network_operations_center {
namespace {

constexpr auto write_setting = "noc.store.database-uri";
constexpr auto read_setting = "noc.store.read-database-uri";
constexpr auto identity_server_setting = "is.database-uri";

// The first of the settings that may hold the address and does.
std::string setting_with_address(const settings::Values& values, Access access) {
    if (access == Access::read_replica && !values.secret(read_setting).empty()) return read_setting;
    return values.secret(write_setting).empty() ? identity_server_setting : write_setting;
}

// A search_path in the Identity Server's address names a tenant's schema, which is not ours.
std::string schema_of(const postgres::Uri& uri, const std::string& setting) {
    return setting == identity_server_setting || uri.search_path().empty() ? std::string(default_schema)
                                                                           : uri.search_path();
}

}  // namespace

Session::Session(cli::Context& context, Access access)
    : context_(context),
      setting_(setting_with_address(context.values, access)),
      uri_(database::address(context.values, setting_)),
      schema_(schema_of(uri_, setting_)),
      connection_(uri_,
                  {.context = "Network Operations Center",
                   .mode = access == Access::write ? postgres::Mode::writes : postgres::Mode::read_only,
                   .setting = setting_},
                  context.stop),
      capabilities_(postgres::ask_capabilities(connection_, context.stop)) {
    if (access == Access::write) postgres::require_writable(capabilities_, uri_, setting_);
    database::set_search_path(connection_, schema_);
}

postgres::Bookkeeping Session::bookkeeping() {
    return postgres::read_bookkeeping(connection_, {schema_}).at(schema_);
}

std::string Session::relation(std::string_view table) const {
    return postgres::quote_identifier(schema_) + "." + postgres::quote_identifier(table);
}

std::optional<timeseries::Way> Session::kept_as() {
    return timeseries::kept_as(connection_, raw_tables(schema_).front());
}

timeseries::Means Session::means() {
    return {connection_, context_.stop, [this](std::string_view blockers, int attempt) {
                context_.reporter.log(
                    operation::Level::info,
                    fmt::format("Waiting for a lock, try {}; it is held by {}", attempt, blockers));
            }};
}

std::unique_ptr<timeseries::Keeper> Session::keeper(timeseries::Way way) {
    return timeseries::make_keeper(way, means());
}

std::unique_ptr<timeseries::RollUpKeeper> Session::roll_up_keeper(timeseries::Way way) {
    return timeseries::make_roll_up_keeper(way, means(), roll_ups(schema_));
}

std::vector<std::string> database_settings() {
    return {write_setting, read_setting, identity_server_setting};
}

ExitCode run_writing(cli::Context& context,
                     const std::function<std::unique_ptr<operation::Operation>(Session&)>& make) {
    Session session(context, context.values.boolean("dry-run") ? Access::read : Access::write);
    database::Writer writer(context, session.uri(), operation::Area::network_operations_center,
                            session.setting());
    const auto operation = make(session);
    writer.run(*operation);
    return ExitCode::done;
}

ExitCode run_reading(cli::Context& context, Access access, const std::function<ExitCode(Session&)>& body) {
    Session session(context, access);
    return body(session);
}

}  // namespace tti::network_operations_center
