#include "network_operations_center/session.hpp"

#include "network_operations_center/layout.hpp"

namespace tti::network_operations_center {
namespace {

constexpr database::TimeseriesPlace place{
    .context = "Network Operations Center",
    .write_setting = "noc.store.database-uri",
    .read_setting = "noc.store.read-database-uri",
    .default_schema = "noc",
    .area = operation::Area::network_operations_center,
};

}  // namespace

Session::Session(cli::Context& context, Access access) : TimeseriesSession(context, access, place) {}

Session::Session(cli::Context& context, Access access, database::TimeseriesAddress address)
    : TimeseriesSession(context, access, place, std::move(address)) {}

std::string Session::relation(std::string_view table) const {
    return postgres::quote_identifier(schema()) + "." + postgres::quote_identifier(table);
}

std::optional<timeseries::Way> Session::kept_as() {
    return timeseries::kept_as(connection(), raw_tables(schema()).front());
}

std::unique_ptr<timeseries::RollUpKeeper> Session::roll_up_keeper(timeseries::Way way) {
    return timeseries::make_roll_up_keeper(way, means(), roll_ups(schema()));
}

std::vector<std::string> database_settings() {
    return database::database_settings(place);
}

database::TimeseriesAddress database_address(const settings::Values& values) {
    return database::timeseries_address(values, Access::write, place);
}

}  // namespace tti::network_operations_center
