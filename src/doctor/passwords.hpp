#pragma once

#include <string>
#include <string_view>

#include "postgres/uri.hpp"

namespace tti::doctor {

// Whether a server of that host is this machine: a unix socket, a loopback address, "localhost".
bool is_this_machine(std::string_view host);
// Whether the address has user and password as the documentation prints them, which everybody knows.
bool has_printed_password(const postgres::Uri& uri);

}  // namespace tti::doctor
