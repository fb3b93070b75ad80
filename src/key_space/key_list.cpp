#include "key_space/key_list.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace tti::key_space {
namespace {

constexpr std::size_t most_memory = std::size_t{2} << 20U;

// A key is written as how many bytes it has in common with the one before (1 byte), how many follow (4
// bytes), and those: keys of one kind begin alike.
constexpr std::size_t most_common = 255;
constexpr std::size_t head_bytes = 1 + sizeof(std::uint32_t);

std::size_t common_bytes(std::string_view a, std::string_view b) {
    const auto most = std::min({a.size(), b.size(), most_common});
    return static_cast<std::size_t>(std::ranges::mismatch(a.substr(0, most), b).in1 - a.begin());
}

// The first key, given the one before it; takes it away.
std::string next_key(std::string_view& bytes, std::string_view before) {
    const auto common = static_cast<std::uint8_t>(bytes[0]);
    std::uint32_t rest = 0;
    std::memcpy(&rest, bytes.data() + 1, sizeof(rest));
    std::string key(before.substr(0, common));
    key += bytes.substr(head_bytes, rest);
    bytes.remove_prefix(head_bytes + rest);
    return key;
}

}  // namespace

void KeyList::add(std::string_view key) {
    const auto common = common_bytes(key, last_key_);
    const auto rest = static_cast<std::uint32_t>(key.size() - common);
    std::array<char, head_bytes> head{static_cast<char>(common)};
    std::memcpy(head.data() + 1, &rest, sizeof(rest));
    latest_.append(head.data(), head.size()).append(key.substr(common));
    last_key_ = key;
    ++size_;
    if (latest_.size() > most_memory) write_out();
}

void KeyList::write_out() {
    blocks_.push_back({file_.append(latest_), latest_.size()});
    latest_.clear();
    last_key_.clear();
}

void KeyList::for_each(const std::function<std::size_t()>& most,
                       const std::function<void(std::span<const std::string>)>& each) const {
    std::vector<std::string> keys;
    const auto hand_out = [&](std::string_view block) {
        std::string before;
        while (!block.empty()) {
            const auto size = most();
            for (keys.clear(); keys.size() < size && !block.empty(); before = keys.back()) {
                keys.push_back(next_key(block, before));
            }
            each(keys);
        }
    };
    std::string bytes;
    for (const auto& block : blocks_) {
        bytes.clear();
        file_.read(block.offset, block.size, bytes);
        hand_out(bytes);
    }
    hand_out(latest_);
}

}  // namespace tti::key_space
