// Stores the messages of made-up networks over several connections at once, as a server with a pool of them
// would: tti-bench-store URI CONNECTIONS MESSAGES DEVICES DAYS. Prints the seconds and how many were stored.

#include <chrono>
#include <exception>
#include <future>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "storage_integration/demo_network.hpp"
#include "storage_integration/store.hpp"
#include "timeseries/keeper.hpp"

namespace {

using tti::storage_integration::DemoMessages;
using tti::storage_integration::DemoNetwork;
using tti::storage_integration::Message;

struct Arguments {
    std::string uri;
    int connections;
    std::int64_t messages;
    int devices;
    int days;
};

tti::postgres::Connection connect(const Arguments& arguments, tti::util::Stop& stop) {
    return {*tti::postgres::Uri::parse(arguments.uri), {.context = "bench"}, stop};
}

// Its share of the devices; the end devices of each are an application of their own.
DemoNetwork share(const Arguments& arguments, int number, tti::timeseries::Time now) {
    const auto rounds = std::max<std::int64_t>(1, arguments.messages / arguments.devices);
    const tti::timeseries::Span all = std::chrono::days(arguments.days);
    return {.seed = static_cast<std::uint64_t>(number + 1),
            .applications = 1,
            .devices = arguments.devices / arguments.connections,
            .gateways = 1000,
            .from = now - all,
            .to = now,
            .interval = all / rounds};
}

std::int64_t store_share(const Arguments& arguments, int number, tti::timeseries::Time now) {
    tti::util::NeverStop stop;
    auto connection = connect(arguments, stop);
    DemoMessages network(share(arguments, number, now));
    Message message;
    return tti::storage_integration::store(connection, {"storage", "messages", "received_at"},
                                           [&]() -> const Message* {
                                               const auto* next = network.next();
                                               if (next == nullptr) return nullptr;
                                               message = *next;
                                               message.application_id = fmt::format("bench-{}", number);
                                               return &message;
                                           });
}

void measure(const Arguments& arguments) {
    tti::util::NeverStop stop;
    auto connection = connect(arguments, stop);
    const auto now = tti::timeseries::server_now(connection);
    const auto begin = std::chrono::steady_clock::now();
    std::vector<std::future<std::int64_t>> parts;
    for (int number = 0; number < arguments.connections; ++number)
        parts.push_back(std::async(std::launch::async, store_share, arguments, number, now));
    std::int64_t stored = 0;
    for (auto& part : parts) stored += part.get();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    fmt::print("{{\"seconds\": {:.3f}, \"messages\": {}}}\n", took.count(), stored);
}

}  // namespace

int main(int count, char** words) {
    const std::vector<std::string> given(words + 1, words + count);
    if (given.size() != 5) {
        fmt::print(stderr, "usage: tti-bench-store URI CONNECTIONS MESSAGES DEVICES DAYS\n");
        return 2;
    }
    try {
        measure(
            {given[0], std::stoi(given[1]), std::stoll(given[2]), std::stoi(given[3]), std::stoi(given[4])});
    } catch (const std::exception& error) {
        fmt::print(stderr, "{}\n", error.what());
        return 1;
    }
    return 0;
}
