#pragma once

#include <cstdint>
#include <functional>

#include "postgres/connection.hpp"
#include "storage_integration/message.hpp"
#include "timeseries/chunk.hpp"

namespace tti::storage_integration {

// Stores messages until `next` returns nullptr, as one binary COPY: all of them or, when it throws, none.
// What `next` returns must live until its next call. Messages stored.
std::int64_t store(postgres::Connection& connection, const timeseries::Table& messages,
                   const std::function<const Message*()>& next);

}  // namespace tti::storage_integration
