#include "network_server/stream_id.hpp"

#include <charconv>
#include <limits>

#include <fmt/format.h>

#include "redis/error.hpp"

namespace tti::network_server {
namespace {

constexpr auto highest = std::numeric_limits<std::uint64_t>::max();

bool parse_number(std::string_view text, std::uint64_t& value) {
    const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
    return !text.empty() && result.ec == std::errc{} && result.ptr == text.data() + text.size();
}

}  // namespace

StreamId parse_stream_id(std::string_view text) {
    StreamId id;
    const auto dash = text.find('-');
    if (dash == std::string_view::npos || !parse_number(text.substr(0, dash), id.milliseconds) ||
        !parse_number(text.substr(dash + 1), id.sequence)) {
        throw redis::ProtocolError(fmt::format("\"{}\" is not the ID of a stream's entry", text));
    }
    return id;
}

std::string text(StreamId id) {
    return fmt::format("{}-{}", id.milliseconds, id.sequence);
}

StreamId after(StreamId id) {
    if (id.sequence < highest) return {id.milliseconds, id.sequence + 1};
    return id.milliseconds < highest ? StreamId{id.milliseconds + 1, 0} : id;
}

StreamId before(StreamId id) {
    if (id.sequence > 0) return {id.milliseconds, id.sequence - 1};
    return id.milliseconds > 0 ? StreamId{id.milliseconds - 1, highest} : id;
}

}  // namespace tti::network_server
