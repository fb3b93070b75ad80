#pragma once

#include <array>
#include <cstdint>
#include <iterator>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace tti::database {

// What events of a made-up network are made of, so that the same one always has the same.

inline constexpr std::array<int, 8> demo_channels{867100000, 867300000, 867500000, 867700000,
                                                  867900000, 868100000, 868300000, 868500000};  // Hz, EU868

// splitmix64: https://prng.di.unimi.it/splitmix64.c
constexpr std::uint64_t mix(std::uint64_t value) {
    value += 0x9e3779b97f4a7c15U;
    value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9U;
    value = (value ^ (value >> 27U)) * 0x94d049bb133111ebU;
    return value ^ (value >> 31U);
}

// One of 0 to `count` - 1.
constexpr int pick(std::uint64_t chance, int count) {
    return static_cast<int>(chance % static_cast<std::uint64_t>(count));
}

template <typename... Values>
void append(std::string& text, fmt::format_string<Values...> format, Values&&... values) {
    fmt::format_to(std::back_inserter(text), format, std::forward<Values>(values)...);
}

}  // namespace tti::database
