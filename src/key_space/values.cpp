#include "key_space/values.hpp"

#include <algorithm>

namespace tti::key_space {
namespace {

constexpr std::size_t wanted_bytes = std::size_t{1} << 20U;
constexpr std::size_t most_keys = 512;

}  // namespace

void ValueReader::read(std::span<const std::string_view> keys,
                       const std::function<void(std::size_t, std::optional<std::string_view>)>& each) {
    std::vector<std::string_view> words;
    for (std::size_t first = 0; first < keys.size();) {
        const auto room = std::clamp<std::size_t>(wanted_bytes / typical_bytes_, 1, most_keys);
        const auto chunk = keys.subspan(first, std::min(room, keys.size() - first));
        words.assign({"MGET"});
        words.insert(words.end(), chunk.begin(), chunk.end());
        redis::Commands command;
        command.add(std::span<const std::string_view>(words));
        const auto reply = connection_.single(command);
        if (reply->size() != chunk.size()) {
            throw redis::ProtocolError("MGET answered with another number of values than it was asked for");
        }
        std::size_t bytes = 0;
        for (std::size_t index = 0; index < chunk.size(); ++index) {
            const auto value = reply.view()[index];
            if (!value.is_nil()) bytes += value.text().size();
            each(first + index, value.is_nil() ? std::nullopt : std::optional(value.text()));
        }
        // Up at once, down slowly.
        typical_bytes_ = std::max<std::size_t>({bytes / chunk.size(), typical_bytes_ * 3 / 4, 1});
        first += chunk.size();
    }
}

}  // namespace tti::key_space
