#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "database/timeseries_session.hpp"

namespace tti::storage_integration {

using database::Access;
using database::run_reading;
using database::run_writing;

// Messages of one device are read together.
inline constexpr auto together = "tenant_id, application_id, device_id";

// The database of stored messages, open for one command; its schema is "storage" unless the address names
// another.
class Session : public database::TimeseriesSession {
  public:
    Session(cli::Context& context, Access access);
    // At another address than that of the settings.
    Session(cli::Context& context, Access access, database::TimeseriesAddress address);

    [[nodiscard]] const timeseries::Table& messages() const { return messages_; }
    // How the tables are kept now; empty where there are none.
    std::optional<timeseries::Way> kept_as();

  private:
    timeseries::Table messages_;
};

// The settings that opening the database needs.
std::vector<std::string> database_settings();
// Where it is for writing, by the settings.
database::TimeseriesAddress database_address(const settings::Values& values);

}  // namespace tti::storage_integration
