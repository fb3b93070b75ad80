#include "postgres/parameters.hpp"

namespace tti::postgres {

int send_statement(PGconn* connection, const Statement& statement) {
    std::vector<const char*> values;
    values.reserve(statement.parameters.size());
    for (const Parameter& parameter : statement.parameters) {
        values.push_back(parameter ? parameter->c_str() : nullptr);
    }
    return PQsendQueryParams(connection, statement.sql.c_str(), static_cast<int>(values.size()), nullptr,
                             values.data(), nullptr, nullptr, 0);
}

}  // namespace tti::postgres
