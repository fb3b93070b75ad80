#pragma once

#include "postgres/connection.hpp"
#include "postgres/wire.hpp"

namespace tti::postgres {

struct Connection::Implementation {
    Implementation(Uri address, ConnectOptions connect_options, Handle handle, util::Stop& stop)
        : uri(std::move(address)),
          options(std::move(connect_options)),
          wire(std::move(handle), options.context, stop) {}

    Uri uri;
    ConnectOptions options;
    Wire wire;
};

}  // namespace tti::postgres
