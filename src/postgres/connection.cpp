#include "postgres/connection.hpp"

#include <fmt/format.h>

#include "postgres/connect.hpp"
#include "postgres/connection_implementation.hpp"
#include "postgres/parameters.hpp"

namespace tti::postgres {
namespace {

std::string setting(std::string_view name, std::string_view value, bool local) {
    return fmt::format("set_config({}, {}, {})", quote_literal(name), quote_literal(value), local);
}

// One round trip. In a read-only connection everything is local to its transaction, which holds behind a
// transaction pooler too.
std::string set_up(const Uri& uri, Mode mode) {
    const bool local = mode == Mode::read_only;
    std::string sql = local ? "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; " : "";
    sql += "SELECT ";
    for (const auto& [name, value] : uri.runtime_parameters()) {
        sql += setting(name, value, local) + ", ";
    }
    if (!uri.search_path().empty()) {
        sql += setting("search_path", uri.search_path(), local) + ", ";
    }
    // Statements over the whole catalogue look dear to the planner: it would compile them for seconds.
    sql += setting("jit", "off", local) + ", ";
    // Last, so that times always read the same.
    return sql + setting("TimeZone", "UTC", local) + ", " + setting("DateStyle", "ISO", local);
}

}  // namespace

Connection::Connection(const Uri& uri, ConnectOptions options, util::Stop& stop) {
    Handle handle = connect(uri, options, stop);
    implementation_ = std::make_unique<Implementation>(uri, std::move(options), std::move(handle), stop);
    execute(set_up(uri, implementation_->options.mode));
}

Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;

Connection::~Connection() {
    // A pooler gives up a server connection whose client leaves inside a transaction.
    if (implementation_ && implementation_->options.mode == Mode::read_only) {
        roll_back();
    }
}

Result Connection::execute(std::string_view sql) {
    Wire& wire = implementation_->wire;
    wire.begin();
    wire.sent(PQsendQuery(wire.get(), std::string(sql).c_str()));
    return wire.finish();
}

Result Connection::query(const std::string& sql, std::initializer_list<Parameter> parameters) {
    return query(Statement{sql, parameters});
}

Result Connection::query(const Statement& statement) {
    Wire& wire = implementation_->wire;
    wire.begin();
    wire.sent(send_statement(wire.get(), statement));
    return wire.finish();
}

void Connection::roll_back() noexcept {
    Wire& wire = implementation_->wire;
    if (!in_transaction()) {
        return;
    }
    try {
        wire.begin_unstoppable();
        wire.sent(PQsendQuery(wire.get(), "ROLLBACK"));
        wire.finish();
    } catch (...) {
        // Closing rolls back as well.
        wire.close();
    }
}

void Connection::on_notice(std::function<void(std::string_view)> handler) {
    implementation_->wire.on_notice(std::move(handler));
}

void Connection::on_slow(std::chrono::milliseconds after, std::function<void()> handler) {
    implementation_->wire.on_slow(after, std::move(handler));
}

int Connection::backend_pid() const {
    return PQbackendPID(implementation_->wire.get());
}

bool Connection::in_transaction() const {
    const PGTransactionStatusType status = PQtransactionStatus(implementation_->wire.get());
    return status == PQTRANS_INTRANS || status == PQTRANS_INERROR || status == PQTRANS_ACTIVE;
}

const std::string& Connection::context() const {
    return implementation_->options.context;
}

const Uri& Connection::uri() const {
    return implementation_->uri;
}

}  // namespace tti::postgres
