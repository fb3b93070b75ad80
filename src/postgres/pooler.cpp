#include "postgres/pooler.hpp"

#include "util/deadline_stop.hpp"

namespace tti::postgres {
namespace {

// A pooler whose server connections are all taken makes the questions wait; then each session holds one for
// itself.
constexpr std::chrono::milliseconds patience{2000};
constexpr int tries = 8;  // others who work through the pooler may hide it in one

std::int64_t process_number(Connection& connection) {
    return connection.execute("SELECT pg_backend_pid()").integer(0, 0);
}

Connection ask_with(const Connection& connection, util::Stop& stop) {
    return {connection.uri(), {.context = connection.context() + ", pooler check"}, stop};
}

// While `other` keeps its server process in a transaction, a session of its own has the same process as
// before.
bool process_is_shared(Connection& idle, Connection& other) {
    const std::int64_t before = process_number(idle);
    other.execute("BEGIN");
    const bool taken = process_number(other) == before;
    const bool shared = taken || process_number(idle) != before;
    other.execute("COMMIT");
    return shared;
}

bool process_is_shared_in_any_try(const Connection& connection, util::Stop& stop) {
    Connection idle = ask_with(connection, stop);
    Connection other = ask_with(connection, stop);
    for (int i = 0; i < tries; ++i) {
        if (process_is_shared(idle, other)) {
            return true;
        }
    }
    return false;
}

}  // namespace

bool behind_transaction_pooler(Connection& connection, util::Stop& stop) {
    if (process_number(connection) == connection.backend_pid()) {
        return false;
    }
    util::DeadlineStop limited(stop, patience);
    try {
        return process_is_shared_in_any_try(connection, limited);
    } catch (const InterruptedError&) {
        util::throw_if_requested(stop);
        return false;
    } catch (const ConnectionError&) {
        // Statement mode refuses BEGIN and hangs up; a session would have served it.
        return true;
    }
}

}  // namespace tti::postgres
