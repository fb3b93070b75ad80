#include "lorawan/identifiers.hpp"

namespace tti::lorawan {
namespace {

constexpr std::size_t longest = 36;
constexpr std::size_t shortest = 3;

bool is_alphanumeric(char character) {
    return (character >= 'a' && character <= 'z') || (character >= '0' && character <= '9');
}

}  // namespace

bool is_id(std::string_view text) {
    if (text.size() < shortest || text.size() > longest) return false;
    std::size_t alphanumeric = 0;
    bool after_hyphen = true;  // one must not begin with a hyphen either
    for (const char character : text) {
        const bool hyphen = character == '-';
        if (hyphen ? after_hyphen : !is_alphanumeric(character)) return false;
        after_hyphen = hyphen;
        alphanumeric += hyphen ? 0 : 1;
    }
    // Three letters or digits at least: a hyphen belongs to the one after it.
    return !after_hyphen && alphanumeric >= shortest;
}

std::string text(const DeviceUid& uid) {
    return uid.application_id + "." + uid.device_id;
}

bool is_device_uid(std::string_view text) {
    const auto dot = text.find('.');
    return dot != std::string_view::npos && is_id(text.substr(0, dot)) && is_id(text.substr(dot + 1));
}

Expected<DeviceUid> parse_device_uid(std::string_view text) {
    if (!is_device_uid(text)) {
        return unexpected("an end device is written as its application ID, a dot and its device ID");
    }
    const auto dot = text.find('.');
    return DeviceUid{std::string(text.substr(0, dot)), std::string(text.substr(dot + 1))};
}

}  // namespace tti::lorawan
