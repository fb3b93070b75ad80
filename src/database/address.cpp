#include "database/address.hpp"

#include <fmt/format.h>

#include "util/error.hpp"

namespace tti::database {

postgres::Uri address(const settings::Values& values, const std::string& setting) {
    auto uri = postgres::Uri::parse(values.secret(setting).reveal());
    if (!uri) {
        throw UsageError(
            fmt::format("option {} ({}): {}", setting, values.source(setting).where, uri.error()),
            "Give a PostgreSQL address such as postgresql://user:password@host:5432/ttn_lorawan.");
    }
    return *uri;
}

}  // namespace tti::database
