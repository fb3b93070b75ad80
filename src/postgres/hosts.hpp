#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <libpq-fe.h>

#include "postgres/uri.hpp"
#include "util/stop.hpp"

namespace tti::postgres {

// One place where the server may be, as libpq takes it.
struct Host {
    std::string name;     // a folder of sockets or empty where it is none
    std::string address;  // a number, which is not looked up; may be empty
    std::string port;     // may be empty
};
using Hosts = std::vector<Host>;

// Those of the address, in its order; none where libpq's default or a service file names it.
Hosts hosts_of(const Uri& uri);

struct Places {
    Hosts hosts;
    std::string failures;  // a line for each name that has no address, as libpq would say it
};
// The hosts with the addresses of their names, all looked up at once; a name may have several. libpq would
// look them up too, for as long as the name servers take and whatever is asked for meanwhile.
Places look_up(const Hosts& hosts, std::optional<std::chrono::steady_clock::time_point> deadline,
               util::Stop& stop);

// Those that follow the one that libpq is busy with.
Hosts hosts_after(PGconn* connection, const Hosts& hosts);

// The members of all, as libpq takes them: separated by commas.
std::string joined(const Hosts& hosts, std::string Host::*member);

}  // namespace tti::postgres
