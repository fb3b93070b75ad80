#include "postgres/diagnostics.hpp"

namespace tti::postgres {
namespace {

std::string field(const PGresult* failure, int code) {
    const char* text = PQresultErrorField(failure, code);
    return text == nullptr ? std::string() : std::string(text);
}

}  // namespace

Diagnostics diagnostics_of(const PGresult* failure) {
    Diagnostics diagnostics{
        .sqlstate = field(failure, PG_DIAG_SQLSTATE),
        .message = field(failure, PG_DIAG_MESSAGE_PRIMARY),
        .detail = field(failure, PG_DIAG_MESSAGE_DETAIL),
        .hint = field(failure, PG_DIAG_MESSAGE_HINT),
        .schema = field(failure, PG_DIAG_SCHEMA_NAME),
        .table = field(failure, PG_DIAG_TABLE_NAME),
        .column = field(failure, PG_DIAG_COLUMN_NAME),
        .constraint = field(failure, PG_DIAG_CONSTRAINT_NAME),
    };
    if (diagnostics.message.empty()) {
        diagnostics.message = PQresultErrorMessage(failure);
    }
    return diagnostics;
}

}  // namespace tti::postgres
