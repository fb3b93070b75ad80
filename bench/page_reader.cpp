// Milliseconds of the first and the last page of an end device's messages through PageReader, which a server
// would use: tti-bench-pages URI APPLICATION DEVICE MESSAGES-OF-A-PAGE

#include <algorithm>
#include <chrono>
#include <exception>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "storage_integration/pages.hpp"

namespace {

using tti::storage_integration::Filter;
using tti::storage_integration::PageReader;
using tti::storage_integration::Position;
using tti::storage_integration::StoredMessage;

constexpr int warm_up = 3;
constexpr int rounds = 15;

struct Arguments {
    std::string uri;
    Filter filter;
    int limit;
};

// What the last page goes on from.
Position before_last_page(PageReader& reader, Filter filter, int limit) {
    filter.newest_first = true;
    return reader.page(filter, std::nullopt, limit + 1).back().position;
}

double milliseconds(PageReader& reader, const Arguments& arguments, const std::optional<Position>& last) {
    const auto begin = std::chrono::steady_clock::now();
    const auto page = reader.page(arguments.filter, last, arguments.limit);
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
    if (static_cast<int>(page.size()) != arguments.limit)
        throw std::runtime_error(fmt::format("a page of {} messages", page.size()));
    return took.count();
}

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

// By turns, so that whatever else the machine does is in both.
void measure(const Arguments& arguments) {
    tti::util::NeverStop stop;
    tti::postgres::Connection connection(*tti::postgres::Uri::parse(arguments.uri), {.context = "bench"},
                                         stop);
    PageReader reader(connection, {"storage", "messages", "received_at"});
    const auto position = before_last_page(reader, arguments.filter, arguments.limit);
    std::vector<double> first;
    std::vector<double> last;
    for (int round = 0; round < warm_up + rounds; ++round) {
        const auto at_start = milliseconds(reader, arguments, std::nullopt);
        const auto at_end = milliseconds(reader, arguments, position);
        if (round < warm_up) continue;
        first.push_back(at_start);
        last.push_back(at_end);
    }
    fmt::print("{{\"first\": {:.3f}, \"last\": {:.3f}}}\n", median(first), median(last));
}

}  // namespace

int main(int count, char** words) {
    const std::vector<std::string> given(words + 1, words + count);
    if (given.size() != 4) {
        fmt::print(stderr, "usage: tti-bench-pages URI APPLICATION DEVICE MESSAGES-OF-A-PAGE\n");
        return 2;
    }
    try {
        measure({given[0], {.application_id = given[1], .device_id = given[2]}, std::stoi(given[3])});
    } catch (const std::exception& error) {
        fmt::print(stderr, "{}\n", error.what());
        return 1;
    }
    return 0;
}
