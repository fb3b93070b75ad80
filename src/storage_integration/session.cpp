#include "storage_integration/session.hpp"

namespace tti::storage_integration {
namespace {

constexpr database::TimeseriesPlace place{
    .context = "events storage",
    .write_setting = "as.packages.storage.postgres.database-uri",
    .read_setting = "as.packages.storage.postgres.read-database-uri",
    .default_schema = "storage",
    .area = operation::Area::storage_integration,
};

}  // namespace

Session::Session(cli::Context& context, Access access)
    : TimeseriesSession(context, access, place), messages_{schema(), "messages", "received_at"} {}

Session::Session(cli::Context& context, Access access, database::TimeseriesAddress address)
    : TimeseriesSession(context, access, place, std::move(address)),
      messages_{schema(), "messages", "received_at"} {}

std::optional<timeseries::Way> Session::kept_as() {
    return timeseries::kept_as(connection(), messages_);
}

std::vector<std::string> database_settings() {
    return database::database_settings(place);
}

database::TimeseriesAddress database_address(const settings::Values& values) {
    return database::timeseries_address(values, Access::write, place);
}

}  // namespace tti::storage_integration
