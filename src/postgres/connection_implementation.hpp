#pragma once

#include "postgres/connection.hpp"
#include "postgres/wire.hpp"

namespace tti::postgres {

struct Connection::Implementation {
    Implementation(const Uri& address, ConnectOptions connect_options, Handle handle, util::Stop& stop)
        : uri(address), options(std::move(connect_options)), wire(std::move(handle), options.context, stop) {}

    Uri uri;
    ConnectOptions options;
    Wire wire;
};

}  // namespace tti::postgres
