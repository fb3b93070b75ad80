#include "grpc/status.hpp"

#include <array>
#include <charconv>

#include <fmt/format.h>

namespace tti::grpc {
namespace {

constexpr std::array<std::string_view, 17> names{
    "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
    "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
    "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
    "DATA_LOSS", "UNAUTHENTICATED"};

}  // namespace

std::string name(Status status) {
    const auto number = static_cast<int>(status);
    const auto known = number >= 0 && number < static_cast<int>(names.size());
    return known ? std::string(names.at(static_cast<std::size_t>(number))) : fmt::format("status {}", number);
}

std::string decode_message(std::string_view percent_encoded) {
    std::string text;
    for (std::size_t place = 0; place < percent_encoded.size(); ++place) {
        unsigned char byte = 0;
        if (percent_encoded[place] == '%' && place + 2 < percent_encoded.size()) {
            const auto* first = percent_encoded.data() + place + 1;
            if (std::from_chars(first, first + 2, byte, 16).ptr == first + 2) {
                text += static_cast<char>(byte);
                place += 2;
                continue;
            }
        }
        text += percent_encoded[place];
    }
    return text;
}

}  // namespace tti::grpc
