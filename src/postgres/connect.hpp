#pragma once

#include <string>
#include <string_view>

#include "postgres/connection.hpp"
#include "postgres/wire.hpp"

namespace tti::postgres {

// Connects without blocking elsewhere than in the look-up of a service file's hosts; throws ConnectionError
// or InterruptedError.
Handle connect(const Uri& uri, const ConnectOptions& options, util::Stop& stop);

// What to tell of a failed try; `reason` is libpq's, over as many lines as it likes.
ConnectionError connect_failure(const Uri& uri, const ConnectOptions& options, std::string_view reason);

}  // namespace tti::postgres
