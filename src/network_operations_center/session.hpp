#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "database/timeseries_session.hpp"
#include "timeseries/rollup_keeper.hpp"

namespace tti::network_operations_center {

using database::Access;
using database::run_reading;
using database::run_writing;

// The database of the Network Operations Center, open for one command; its schema is "noc" unless the address
// names another.
class Session : public database::TimeseriesSession {
  public:
    Session(cli::Context& context, Access access);
    // At another address than that of the settings.
    Session(cli::Context& context, Access access, database::TimeseriesAddress address);

    // Quoted, for SQL.
    [[nodiscard]] std::string relation(std::string_view table) const;
    // How the raw tables are kept now; empty where there are none.
    std::optional<timeseries::Way> kept_as();
    std::unique_ptr<timeseries::RollUpKeeper> roll_up_keeper(timeseries::Way way);
};

// The settings that opening the database needs.
std::vector<std::string> database_settings();
// Where it is for writing, by the settings.
database::TimeseriesAddress database_address(const settings::Values& values);

}  // namespace tti::network_operations_center
