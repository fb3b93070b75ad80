#include "key_space/size_sample.hpp"

#include <array>
#include <utility>

#include <fmt/format.h>

namespace tti::key_space {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 5> counters{
    {{"stream", "XLEN"}, {"list", "LLEN"}, {"set", "SCARD"}, {"zset", "ZCARD"}, {"hash", "HLEN"}}};

}  // namespace

std::string_view counting_command(std::string_view type) {
    for (const auto& [name, command] : counters) {
        if (type == name) return command;
    }
    return {};
}

SizeSample sample_sizes(redis::Connection& connection, std::span<const std::string> keys,
                        std::string_view type) {
    const auto counter = counting_command(type);
    redis::Commands commands;
    for (const auto& key : keys) {
        commands.add("MEMORY", "USAGE", key);
        if (!counter.empty()) commands.add(counter, key);
    }
    const std::size_t each_key = counter.empty() ? 1 : 2;
    SizeSample sample;
    connection.pipeline(commands, [&](std::size_t index, redis::ReplyView reply) {
        // A key of another type, or no permission for MEMORY: it is an estimate and no more.
        if (reply.is_error() || reply.is_nil()) return;
        if (index % each_key == 0) {
            ++sample.keys;
            sample.bytes += reply.integer();
        } else {
            sample.entries += reply.integer();
        }
    });
    return sample;
}

std::string bytes_text(std::int64_t bytes) {
    constexpr std::array<std::string_view, 5> units{"B", "KiB", "MiB", "GiB", "TiB"};
    constexpr double step = 1024;
    auto number = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (number >= step && unit + 1 < units.size()) {
        number /= step;
        ++unit;
    }
    return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", number, units.at(unit));
}

}  // namespace tti::key_space
