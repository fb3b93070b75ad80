#include "lorawan/keys.hpp"

#include <vector>

#include "entries.hpp"
#include "promise.hpp"

namespace tti::fuzz {
namespace {

std::string rebuilt(const lorawan::Keys& keys, const lorawan::Keys::Match& match) {
    const auto& parts = match.parts;
    if (parts[0].empty()) return keys.key(match.kind);
    if (parts[1].empty()) return keys.key(match.kind, {parts[0]});
    if (parts[2].empty()) return keys.key(match.kind, {parts[0], parts[1]});
    return keys.key(match.kind, {parts[0], parts[1], parts[2]});
}

void check(const lorawan::Keys& keys, std::string_view key) {
    if (const auto match = keys.parse(key))
        promise(rebuilt(keys, *match) == key, "a key that does not come back");
}

}  // namespace

void keys(std::string_view input) {
    static const std::vector<std::string> usual{"ttn", "v3"};
    static const lorawan::Keys below(usual);
    static const lorawan::Keys bare({});
    check(below, input);
    check(below, "ttn:v3:" + std::string(input));
    check(bare, input);
}

}  // namespace tti::fuzz
