#include "postgres/connect.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <optional>
#include <sstream>

#include <fmt/format.h>
#include <poll.h>

namespace tti::postgres {
namespace {

using Clock = std::chrono::steady_clock;

struct Host {
    std::string name;
    std::string port;  // may be empty
};
using Hosts = std::vector<Host>;

std::vector<std::string> split(const std::string& list) {
    std::vector<std::string> parts;
    std::istringstream stream(list);
    for (std::string part; std::getline(stream, part, ',');) {
        parts.push_back(part);
    }
    return parts;
}

// As libpq pairs them: one port holds for all hosts.
Hosts hosts_of(const Uri& uri) {
    const std::vector<std::string> ports = split(uri.part("port"));
    Hosts hosts;
    for (const std::string& name : split(uri.part("host"))) {
        const std::size_t at = ports.size() == 1 ? 0 : hosts.size();
        hosts.push_back({name, at < ports.size() ? ports[at] : std::string()});
    }
    return hosts;
}

std::string joined(const Hosts& hosts, std::string Host::*member) {
    std::string list;
    for (const Host& host : hosts) {
        list += (&host == hosts.data() ? "" : ",") + host.*member;
    }
    return list;
}

// In libpq a later keyword beats an earlier one, and "dbname" stands for the whole address: what is before it
// are our defaults. `hosts` replaces the address's where it has any.
Handle start(const Uri& uri, const ConnectOptions& options, const Hosts& hosts) {
    const std::string timeout = std::to_string(options.timeout.count());
    const std::string names = joined(hosts, &Host::name);
    const std::string ports = joined(hosts, &Host::port);
    std::vector<std::pair<const char*, const char*>> settings{
        {"keepalives_idle", "30"},
        {"keepalives_interval", "10"},
        {"keepalives_count", "3"},
        {"fallback_application_name", options.application_name.c_str()},
        {"connect_timeout", std::getenv("PGCONNECT_TIMEOUT") != nullptr ? nullptr : timeout.c_str()},
        {"dbname", uri.libpq().reveal().c_str()},
        {"client_encoding", "UTF8"},
    };
    if (!hosts.empty()) {
        settings.insert(settings.end(), {{"host", names.c_str()}, {"port", ports.c_str()}});
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

// What the address or the environment made of our default; none where it says to wait without end.
std::optional<std::chrono::seconds> time_limit(PGconn* connection) {
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(PQconninfo(connection),
                                                                               &PQconninfoFree);
    for (const PQconninfoOption* option = options.get(); option != nullptr && option->keyword != nullptr;
         ++option) {
        if (std::string_view(option->keyword) == "connect_timeout" && option->val != nullptr) {
            const std::string_view text = option->val;
            int seconds = 0;
            std::from_chars(text.data(), text.data() + text.size(), seconds);
            return seconds > 0 ? std::optional(std::chrono::seconds(seconds)) : std::nullopt;
        }
    }
    return std::nullopt;
}

void wait_for_socket(PGconn* connection, short events, util::Stop& stop,
                     std::optional<Clock::time_point> deadline) {
    std::array<pollfd, 2> waiting{pollfd{PQsocket(connection), events, 0},
                                  pollfd{stop.descriptor(), POLLIN, 0}};
    int limit = -1;
    if (deadline) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - Clock::now());
        limit = static_cast<int>(std::max(left, std::chrono::milliseconds(0)).count());
    }
    poll(waiting.data(), waiting.size(), limit);
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

// Those that follow the one that libpq is busy with.
Hosts hosts_after(PGconn* connection, const Hosts& hosts) {
    const auto current = std::find_if(hosts.begin(), hosts.end(), [&](const Host& host) {
        return host.name == PQhost(connection) && (host.port.empty() || host.port == PQport(connection));
    });
    return current == hosts.end() ? Hosts() : Hosts(std::next(current), hosts.end());
}

}  // namespace

Handle connect(const Uri& uri, const ConnectOptions& options, util::Stop& stop) {
    // libpq goes on to the next host by itself after a failure, but not after silence.
    Hosts remaining = hosts_of(uri);
    Handle handle = start(uri, options, {});
    std::optional<std::chrono::seconds> limit = time_limit(handle.get());
    while (!advance(handle.get(), stop, limit)) {
        remaining = hosts_after(handle.get(), remaining);
        if (remaining.empty()) {
            throw connect_failure(uri, options, fmt::format("timed out after {} s", limit->count()));
        }
        handle = start(uri, options, remaining);
    }
    if (stop.requested()) {
        throw InterruptedError(options.context + ": stopped on request while connecting");
    }
    if (PQstatus(handle.get()) != CONNECTION_OK) {
        throw connect_failure(uri, options, PQerrorMessage(handle.get()));
    }
    return handle;
}

}  // namespace tti::postgres
