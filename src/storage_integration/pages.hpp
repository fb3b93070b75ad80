#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "postgres/connection.hpp"
#include "timeseries/extent.hpp"

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

// Reads pages of messages by time and then ID. Each costs the same, wherever it begins and however many
// chunks there are: an index leads to it, and it is looked for in few chunks at a time.
class PageReader {
  public:
    // To be made anew when much time has passed, at the cost of speed alone.
    PageReader(postgres::Connection& connection, timeseries::Table messages);

    // The messages after `last`, at most `limit`.
    std::vector<StoredMessage> page(const Filter& filter, const std::optional<Position>& last, int limit);

  private:
    postgres::Connection& connection_;
    timeseries::Table messages_;
    std::optional<timeseries::Extent> extent_;
};

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
