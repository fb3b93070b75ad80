#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "postgres/connection.hpp"
#include "timeseries/chunk.hpp"

namespace tti::storage_integration {

// Which messages, as the retrieval API asks for them.
struct Filter {
    std::string tenant_id = {};
    std::string application_id;
    std::string device_id = {};  // empty: of all devices
    std::string type = {};       // empty: of all types
    std::optional<int> f_port = {};
    std::optional<timeseries::Time> after = {};   // from then on
    std::optional<timeseries::Time> before = {};  // up to and without
    bool newest_first = false;
};

// The last message of a page, which the next one goes on from; what a continuation token holds.
struct Position {
    timeseries::Time received_at;
    std::int64_t id = 0;
};

struct StoredMessage {
    Position position;
    std::string json;
};

// The next messages, at most `limit`, by time and then ID. Each page costs the same, wherever it begins: an
// index leads to it.
std::vector<StoredMessage> page(postgres::Connection& connection, const timeseries::Table& messages,
                                const Filter& filter, const std::optional<Position>& last, int limit);

// How many messages each device has, in order of device IDs.
struct DeviceCount {
    std::string device_id;
    std::int64_t messages = 0;
};
std::vector<DeviceCount> count(postgres::Connection& connection, const timeseries::Table& messages,
                               const Filter& filter);

// "tenant_id = '' AND application_id = …", with literals.
std::string condition(const Filter& filter);
// "received_at, id" in the filter's direction.
std::string order(const Filter& filter);

}  // namespace tti::storage_integration
