#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tti::network_server {

// The ID of a stream's entry.
struct StreamId {
    std::uint64_t milliseconds = 0;
    std::uint64_t sequence = 0;
    auto operator<=>(const StreamId&) const = default;
};
// "1710028800000-0"; throws redis::ProtocolError for what is none.
StreamId parse_stream_id(std::string_view text);
std::string text(StreamId id);
// The next and the one before; of the last and the first: itself.
StreamId after(StreamId id);
StreamId before(StreamId id);

}  // namespace tti::network_server
