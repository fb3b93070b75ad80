#include "grpc/status.hpp"

#include <array>

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

}  // namespace tti::grpc
