#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "timeseries/time.hpp"
#include "util/expected.hpp"

namespace tti::storage_integration {

// The members of "up" in an ApplicationUp, as the retrieval API names types.
inline constexpr std::array<std::string_view, 11> message_types{
    "uplink_message",  "uplink_normalized", "join_accept",
    "downlink_ack",    "downlink_nack",     "downlink_sent",
    "downlink_failed", "downlink_queued",   "downlink_queue_invalidated",
    "location_solved", "service_data"};

// A stored message: the columns that the API filters and orders by, and the message itself.
struct Message {
    std::string tenant_id = {};  // empty: the default tenant
    std::string application_id;
    std::string device_id;
    std::string type;  // one of message_types
    std::optional<int> f_port = {};
    timeseries::Time received_at;  // the JSON may be more exact
    std::string json;              // the ApplicationUp as the API shows it, byte for byte
};

// Reads the columns from an ApplicationUp in JSON, which is kept as it stands.
Expected<Message> parse_message(std::string json);
// RFC 3339 with any number of decimals; what is finer than a microsecond is cut off.
Expected<timeseries::Time> parse_time(std::string_view text);

}  // namespace tti::storage_integration
