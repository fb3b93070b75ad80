#pragma once

namespace tti::local {

// Whether a server could listen on that port of 127.0.0.1 now.
bool port_is_free(int port);

// A free one from 20000 to 29999: above the well-known ports, and below those that Linux gives to outgoing
// connections (32768 and up), which could take it while the servers are down. Throws Error.
int choose_port();

}  // namespace tti::local
