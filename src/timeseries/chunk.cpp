#include "timeseries/chunk.hpp"

#include "postgres/connection.hpp"

namespace tti::timeseries {

std::string Table::relation() const {
    return postgres::quote_identifier(schema) + "." + postgres::quote_identifier(name);
}

}  // namespace tti::timeseries
