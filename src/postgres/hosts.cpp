#include "postgres/hosts.hpp"

#include <algorithm>
#include <sstream>

#include <fmt/format.h>

#include "util/name_lookup.hpp"

namespace tti::postgres {
namespace {

std::vector<std::string> split(const std::string& list) {
    std::vector<std::string> parts;
    std::istringstream stream(list);
    for (std::string part; std::getline(stream, part, ',');) {
        parts.push_back(part);
    }
    return parts;
}

std::string at(const std::vector<std::string>& list, std::size_t place) {
    return place < list.size() ? list[place] : "";
}

// A folder of sockets starts with a slash, a socket without a file with an @.
bool is_to_be_looked_up(const Host& host) {
    return host.address.empty() && !host.name.empty() && host.name.front() != '/' && host.name.front() != '@';
}

}  // namespace

Hosts hosts_of(const Uri& uri) {
    if (!uri.part("service").empty()) return {};
    const auto names = split(uri.part("host"));
    const auto addresses = split(uri.part("hostaddr"));
    const auto ports = split(uri.part("port"));
    Hosts hosts(std::max(names.size(), addresses.size()));
    for (std::size_t place = 0; place < hosts.size(); ++place) {
        // One port holds for all hosts.
        hosts[place] = {at(names, place), at(addresses, place), at(ports, ports.size() == 1 ? 0 : place)};
    }
    return hosts;
}

Places look_up(const Hosts& hosts, std::optional<std::chrono::steady_clock::time_point> deadline,
               util::Stop& stop) {
    std::vector<std::optional<util::NameLookup>> lookups;
    lookups.reserve(hosts.size());
    for (const auto& host : hosts) {
        lookups.push_back(is_to_be_looked_up(host) ? std::optional<util::NameLookup>(host.name)
                                                   : std::nullopt);
    }
    Places places;
    for (std::size_t place = 0; place < hosts.size(); ++place) {
        const auto& host = hosts[place];
        if (!lookups[place]) {
            places.hosts.push_back(host);
            continue;
        }
        const auto addresses = lookups[place]->wait(deadline, stop);
        if (!addresses) {
            places.failures += fmt::format("could not translate host name \"{}\" to address: {}\n", host.name,
                                           addresses.error());
            continue;
        }
        for (const auto& address : *addresses) {
            places.hosts.push_back({host.name, address, host.port});
        }
    }
    return places;
}

Hosts hosts_after(PGconn* connection, const Hosts& hosts) {
    const auto current = std::ranges::find_if(hosts, [&](const Host& host) {
        return (host.name.empty() || host.name == PQhost(connection)) &&
               (host.address.empty() || host.address == PQhostaddr(connection)) &&
               (host.port.empty() || host.port == PQport(connection));
    });
    return current == hosts.end() ? Hosts() : Hosts(std::next(current), hosts.end());
}

std::string joined(const Hosts& hosts, std::string Host::*member) {
    std::string list;
    for (const Host& host : hosts) {
        list += (&host == hosts.data() ? "" : ",") + host.*member;
    }
    return list;
}

}  // namespace tti::postgres
