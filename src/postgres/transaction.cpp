#include "postgres/connection.hpp"

namespace tti::postgres {

Transaction::Transaction(Connection& connection) : connection_(connection) {
    connection_.execute("BEGIN");
}

Transaction::~Transaction() {
    if (open_) {
        connection_.roll_back();
    }
}

void Transaction::commit() {
    const Result result = connection_.execute("COMMIT");
    open_ = false;
    // The server answers the COMMIT of a failed transaction with ROLLBACK and no error.
    if (std::string_view(PQcmdStatus(result.get())) != "COMMIT") {
        throw Error(ExitCode::unexpected,
                    connection_.context() + ": the transaction had failed before and was rolled back");
    }
}

}  // namespace tti::postgres
