#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "postgres/error.hpp"
#include "postgres/result.hpp"
#include "postgres/uri.hpp"
#include "util/stop.hpp"

namespace tti::postgres {

// A parameter in text format; no value is NULL.
using Parameter = std::optional<std::string>;
// "{a,\"b c\"}" as PostgreSQL reads it.
std::string array_literal(std::span<const std::string> texts);
std::string array_literal(std::span<const int> numbers);
// "\"acme\"", for names of schemas, tables and columns.
std::string quote_identifier(std::string_view name);
std::string quote_literal(std::string_view text);

struct Statement {
    std::string sql;
    std::vector<Parameter> parameters = {};
};

enum class Mode {
    writes,     // autocommit; search_path and run-time parameters are set for the session
    read_only,  // one REPEATABLE READ READ ONLY transaction from opening to closing: the server refuses
                // writes
};

struct ConnectOptions {
    // Says in every message which connection it is: "identity server", "run lock".
    std::string context;
    Mode mode = Mode::writes;
    std::chrono::seconds timeout{
        10};  // for connecting, unless the address or PGCONNECT_TIMEOUT says otherwise
    std::string application_name = "tti-lw-stack";
    std::string setting = "is.database-uri";  // which setting holds the address; named by hints
};

// One connection, used from one thread. Every wait also watches `stop`: when an end is asked for while a
// statement runs, it is cancelled at the server and InterruptedError is thrown, unless the statement was done
// before the cancelling came. Once an end is asked for, no statement begins: what must still be written then
// (a journal, a release) needs a connection with a NeverStop; a Transaction is rolled back all the same.
// Failures are ServerError's subclasses or ConnectionError; after ConnectionError the object is of no more
// use.
class Connection {
  public:
    Connection(const Uri& uri, ConnectOptions options, util::Stop& stop);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    Connection(Connection&& other) noexcept;
    Connection& operator=(Connection&& other) noexcept;
    ~Connection();

    // Simple protocol: may hold several statements; the result of the last one.
    Result execute(std::string_view sql);
    // Extended protocol, one statement.
    Result query(const std::string& sql, std::initializer_list<Parameter> parameters);
    Result query(const Statement& statement);
    // Sends all at once in pipeline mode and returns all results in order. Outside a transaction they are one
    // implicit transaction; the first failure is thrown after the rest was drained.
    std::vector<Result> pipeline(std::span<const Statement> statements);

    // COPY … TO STDOUT: each call gets one row with its line break; the view lives until it returns. Rows
    // copied.
    std::int64_t copy_out(std::string_view sql, const std::function<void(std::string_view)>& row);
    // COPY … FROM STDIN: the producer is called until it returns false, each call may append bytes. Rows
    // copied.
    std::int64_t copy_in(std::string_view sql, const std::function<bool(std::string&)>& produce);

    // Notices of the server (RAISE, "already exists, skipping") go here; dropped by default.
    void on_notice(std::function<void(std::string_view)> handler);

    // Called once per statement that has not been answered after that time, from within the wait; it must not
    // use this connection, nor throw. An empty handler ends it.
    void on_slow(std::chrono::milliseconds after, std::function<void()> handler);

    [[nodiscard]] int backend_pid() const;  // as the server told when connecting; differs behind a pooler
    [[nodiscard]] bool in_transaction() const;
    [[nodiscard]] const std::string& context() const;
    [[nodiscard]] const Uri& uri() const;

    struct Implementation;

  private:
    friend class Transaction;
    void roll_back() noexcept;

    std::unique_ptr<Implementation> implementation_;
};

// BEGIN … COMMIT; the destructor rolls back what was not committed.
class Transaction {
  public:
    explicit Transaction(Connection& connection);
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction();
    void commit();

  private:
    Connection& connection_;
    bool open_ = true;
};

}  // namespace tti::postgres
