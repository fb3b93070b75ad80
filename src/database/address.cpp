#include "database/address.hpp"

#include "settings/bad_value.hpp"

namespace tti::database {

postgres::Uri address(const settings::Values& values, const std::string& setting) {
    auto uri = postgres::Uri::parse(values.secret(setting).reveal());
    if (uri) return *uri;
    throw settings::bad_value(
        values, setting, "", uri.error(),
        "Give a PostgreSQL address such as postgresql://user:password@host:5432/ttn_lorawan.");
}

}  // namespace tti::database
