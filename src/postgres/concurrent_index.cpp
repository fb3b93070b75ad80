#include <fmt/format.h>

#include "postgres/lock_safe.hpp"

namespace tti::postgres {
namespace {

enum class IndexState { missing, invalid, valid };

IndexState state_of(Connection& connection, const std::string& name) {
    const Result found = connection.query(
        "SELECT i.indisvalid AND i.indisready FROM pg_catalog.pg_index i "
        "JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid "
        "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
        "WHERE c.relname = $1 AND n.nspname = current_schema()",
        {name});
    if (found.empty()) {
        return IndexState::missing;
    }
    return found.boolean(0, 0) ? IndexState::valid : IndexState::invalid;
}

// Lifts the session's time-outs while it lives; a build takes as long as it takes.
class NoTimeouts {
  public:
    explicit NoTimeouts(Connection& connection) : connection_(connection) {
        const Result before = connection.execute(
            "SELECT current_setting('lock_timeout'), current_setting('statement_timeout')");
        lock_timeout_ = before.text(0, 0);
        statement_timeout_ = before.text(0, 1);
        set("0", "0");
    }
    NoTimeouts(const NoTimeouts&) = delete;
    NoTimeouts& operator=(const NoTimeouts&) = delete;
    ~NoTimeouts() {
        try {
            set(lock_timeout_, statement_timeout_);
        } catch (const Error&) {
            // The connection is lost, or an end was asked for: no statement follows.
        }
    }

  private:
    void set(const std::string& lock_timeout, const std::string& statement_timeout) {
        connection_.query(
            "SELECT set_config('lock_timeout', $1, false), set_config('statement_timeout', $2, false)",
            {lock_timeout, statement_timeout});
    }

    Connection& connection_;
    std::string lock_timeout_;
    std::string statement_timeout_;
};

}  // namespace

void build_index_concurrently(Connection& connection, const std::string& name,
                              const std::string& create_sql) {
    const IndexState state = state_of(connection, name);
    if (state == IndexState::valid) {
        return;
    }
    const NoTimeouts no_timeouts(connection);
    if (state == IndexState::invalid) {
        connection.execute("DROP INDEX CONCURRENTLY " + quote_identifier(name));
    }
    connection.execute(create_sql);
    if (state_of(connection, name) != IndexState::valid) {
        throw Error(ExitCode::unexpected,
                    fmt::format("{}: index {} is not there, or not valid, after it was built",
                                connection.context(), name));
    }
}

}  // namespace tti::postgres
