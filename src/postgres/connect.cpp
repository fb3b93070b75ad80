#include "postgres/connect.hpp"

#include <array>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "postgres/hosts.hpp"
#include "util/wait.hpp"

namespace tti::postgres {
namespace {

using Clock = std::chrono::steady_clock;

// In libpq a later keyword beats an earlier one, and "dbname" stands for the whole address: what is before it
// are our defaults. `hosts` replaces the address's where it has any.
Handle start(const Uri& uri, const ConnectOptions& options, const Hosts& hosts) {
    const std::string names = joined(hosts, &Host::name);
    const std::string addresses = joined(hosts, &Host::address);
    const std::string ports = joined(hosts, &Host::port);
    std::vector<std::pair<const char*, const char*>> settings{
        {"keepalives_idle", "30"},
        {"keepalives_interval", "10"},
        {"keepalives_count", "3"},
        // Without it, a network that swallows what was sent is waited for a quarter of an hour.
        {"tcp_user_timeout", "60000"},
        {"fallback_application_name", options.application_name.c_str()},
        {"dbname", uri.libpq().reveal().c_str()},
        {"client_encoding", "UTF8"},
    };
    if (!hosts.empty()) {
        settings.insert(settings.end(),
                        {{"host", names.c_str()}, {"hostaddr", addresses.c_str()}, {"port", ports.c_str()}});
    }
    std::vector<const char*> keywords;
    std::vector<const char*> values;
    for (const auto& [keyword, value] : settings) {
        keywords.push_back(keyword);
        values.push_back(value);
    }
    keywords.push_back(nullptr);
    values.push_back(nullptr);
    return {PQconnectStartParams(keywords.data(), values.data(), 1), &PQfinish};
}

// The address and the environment beat our default; none where they say to wait without end.
std::optional<std::chrono::seconds> time_limit(const Uri& uri, const ConnectOptions& options) {
    const std::string text = uri.part("connect_timeout");
    if (text.empty()) return options.timeout;
    int seconds = 0;
    std::from_chars(text.data(), text.data() + text.size(), seconds);
    return seconds > 0 ? std::optional(std::chrono::seconds(seconds)) : std::nullopt;
}

void wait_for_socket(PGconn* connection, short events, util::Stop& stop,
                     std::optional<Clock::time_point> deadline) {
    std::array waiting{pollfd{PQsocket(connection), events, 0}, pollfd{stop.descriptor(), POLLIN, 0}};
    util::poll_until(waiting, deadline);
}

// Works on the connection until it stands or failed; false when the time for one host is over.
bool advance(PGconn* connection, util::Stop& stop, std::optional<std::chrono::seconds> limit) {
    const auto deadline = limit ? std::optional(Clock::now() + *limit) : std::nullopt;
    // The state before the first PQconnectPoll counts as waiting to write.
    PostgresPollingStatusType state = PGRES_POLLING_WRITING;
    while (PQstatus(connection) != CONNECTION_BAD && state != PGRES_POLLING_OK &&
           state != PGRES_POLLING_FAILED) {
        wait_for_socket(connection, state == PGRES_POLLING_READING ? POLLIN : POLLOUT, stop, deadline);
        if (stop.requested()) {
            return true;
        }
        if (deadline && Clock::now() >= *deadline) {
            return false;
        }
        state = PQconnectPoll(connection);
    }
    return true;
}

}  // namespace

Handle connect(const Uri& uri, const ConnectOptions& options, util::Stop& stop) {
    const auto limit = time_limit(uri, options);
    const auto hosts = hosts_of(uri);
    auto [remaining, failures] =
        look_up(hosts, limit ? std::optional(Clock::now() + *limit) : std::nullopt, stop);
    util::throw_if_requested(stop);
    if (remaining.empty() && !hosts.empty()) {
        throw connect_failure(uri, options, failures);
    }
    // libpq goes on to the next host by itself after a failure, but not after silence.
    Handle handle = start(uri, options, remaining);
    while (!advance(handle.get(), stop, limit)) {
        remaining = hosts_after(handle.get(), remaining);
        if (remaining.empty()) {
            throw connect_failure(uri, options,
                                  fmt::format("{}timed out after {} s", failures, limit->count()));
        }
        handle = start(uri, options, remaining);
    }
    util::throw_if_requested(stop);
    if (PQstatus(handle.get()) != CONNECTION_OK) {
        throw connect_failure(uri, options, failures + PQerrorMessage(handle.get()));
    }
    return handle;
}

}  // namespace tti::postgres
