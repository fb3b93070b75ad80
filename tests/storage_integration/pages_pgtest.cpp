#include <filesystem>

#include <gmock/gmock.h>

#include "storage_integration/demo_network.hpp"
#include "storage_integration/pages.hpp"
#include "storage_integration/store.hpp"
#include "support/child_process.hpp"
#include "support/postgres_server.hpp"
#include "timeseries/keeper.hpp"
#include "timeseries/schedule.hpp"

namespace tti::storage_integration {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

// A database with the tables, kept as partitions of a day.
class Pages : public testing::Test {
  protected:
    Pages()
        : uri_(test::PostgresServer::instance().create_database()),
          connection_(*postgres::Uri::parse(made(uri_)), {.context = "test"}, stop_) {}

    std::int64_t store_all(const std::vector<Message>& messages) {
        std::size_t next = 0;
        return store(connection_, table_, [&]() -> const Message* {
            return next < messages.size() ? &messages[next++] : nullptr;
        });
    }

    std::vector<StoredMessage> all_pages(const Filter& filter, int limit) {
        std::vector<StoredMessage> all;
        PageReader reader(connection_, table_);
        std::optional<Position> last;
        while (true) {
            const auto part = reader.page(filter, last, limit);
            if (part.empty()) return all;
            all.insert(all.end(), part.begin(), part.end());
            last = part.back().position;
        }
    }

    util::NeverStop stop_;
    std::string uri_;
    postgres::Connection connection_;
    timeseries::Table table_{"storage", "messages", "received_at"};

  private:
    static std::string made(const std::string& uri) {
        test::run({TTI_BINARY, "storage-db", "init", "--timescaledb.chunk-time-interval", "24h",
                   "--is.database-uri", uri},
                  test::make_folder("tti-storage") / "log");
        return uri;
    }
};

Message message(timeseries::Time time, std::string json, std::string device = "tank") {
    return {.application_id = "water",
            .device_id = std::move(device),
            .type = "uplink_message",
            .f_port = 7,
            .received_at = time,
            .json = std::move(json)};
}

TEST_F(Pages, KeepMessagesByteForByte) {
    const std::vector<std::string> texts{
        R"({"decoded_payload":{"text":"\u0000 and \ud800 and \\ and \" and \t"}})",
        R"({ "b" : 1.50, "a": 1e3, "b": 18446744073709551616 })", "{\"line\":\n1,\t\"tab\": \"ü€😀\"}",
        R"({"text":")" + std::string(1 << 20, 'x') + R"("})"};
    std::vector<Message> messages;
    for (const auto& text : texts)
        messages.push_back(message(timeseries::Time(1700000000s + 1s * messages.size()), text));
    EXPECT_EQ(store_all(messages), 4);
    std::vector<std::string> read;
    for (const auto& stored : all_pages({.application_id = "water"}, 3)) read.push_back(stored.json);
    EXPECT_EQ(read, texts);
}

TEST_F(Pages, KeepTheColumns) {
    auto other = message(timeseries::Time(1700000000s + 503114us), "{}");
    other.tenant_id = "acme";
    other.type = "join_accept";
    other.f_port.reset();
    store_all({message(timeseries::Time(-1us), "{}"), other});
    const auto rows = connection_.execute(
        "SELECT received_at, tenant_id, application_id, device_id, type, coalesce(f_port::text, 'none') FROM "
        "storage.messages ORDER BY 1");
    std::vector<std::string> texts;
    for (int row = 0; row < rows.rows(); ++row) {
        for (int column = 0; column < rows.columns(); ++column) texts.emplace_back(rows.text(row, column));
    }
    EXPECT_THAT(texts,
                ElementsAre("1969-12-31 23:59:59.999999+00", "", "water", "tank", "uplink_message", "7",
                            "2023-11-14 22:13:20.503114+00", "acme", "water", "tank", "join_accept", "none"));
}

TEST_F(Pages, AreCompleteWhereManyHaveTheSameTime) {
    std::vector<Message> messages;
    for (int i = 0; i < 1000; ++i) {
        // Ten at a time, over chunks and in the default partition.
        messages.push_back(message(timeseries::Time(1700000000s + 1h * (i / 10)), std::to_string(i),
                                   i % 3 == 0 ? "valve" : "tank"));
    }
    store_all(messages);
    for (const int limit : {1, 7, 10, 999, 1000}) {
        const auto forward = all_pages({.application_id = "water"}, limit);
        ASSERT_EQ(forward.size(), 1000U) << limit;
        for (std::size_t i = 0; i < forward.size(); ++i) ASSERT_EQ(forward[i].json, std::to_string(i));
        const auto backward = all_pages({.application_id = "water", .newest_first = true}, limit);
        ASSERT_EQ(backward.size(), 1000U) << limit;
        for (std::size_t i = 0; i < backward.size(); ++i)
            ASSERT_EQ(backward[i].json, std::to_string(999 - i));
    }
    EXPECT_EQ(all_pages({.application_id = "water", .device_id = "valve"}, 50).size(), 334U);
    const auto counts = count(connection_, table_, {.application_id = "water"});
    ASSERT_EQ(counts.size(), 2U);
    EXPECT_EQ(counts[0].messages, 666);
}

TEST_F(Pages, HaveTheFiltersOfTheApi) {
    DemoMessages network(
        {.devices = 5, .from = timeseries::Time(1700000000s), .to = timeseries::Time(1700200000s)});
    store(connection_, table_, [&] { return network.next(); });
    const Filter narrow{.application_id = "demo-1",
                        .device_id = "device-00003",
                        .type = "uplink_message",
                        .after = timeseries::Time(1700050000s),
                        .before = timeseries::Time(1700150000s)};
    const auto expected = connection_
                              .execute(
                                  "SELECT count(*) FROM storage.messages WHERE application_id = 'demo-1' "
                                  "AND device_id = 'device-00003' AND type = 'uplink_message' AND "
                                  "received_at >= to_timestamp(1700050000) AND received_at < "
                                  "to_timestamp(1700150000)")
                              .integer(0, 0);
    EXPECT_GT(expected, 100);
    EXPECT_EQ(static_cast<std::int64_t>(all_pages(narrow, 17).size()), expected);
    auto nothing = narrow;
    nothing.f_port = 99;
    EXPECT_TRUE(all_pages(nothing, 17).empty());
}

TEST_F(Pages, StoreAllOrNothing) {
    EXPECT_THROW(store_all({message(timeseries::Time(1700000000s), "{}"),
                            message(timeseries::Time(1700000000s), "not JSON")}),
                 postgres::ServerError);
    EXPECT_TRUE(all_pages({.application_id = "water"}, 10).empty());
}

// Over more chunks than are looked into at once, in both directions, with a long time without messages.
TEST_F(Pages, AreCompleteOverManyChunks) {
    const timeseries::Time from(1700000000s);
    const auto keeper = timeseries::make_keeper(timeseries::Way::partitions, {connection_, stop_, {}});
    for (const auto& range : timeseries::missing_ranges(from, from + 2400h, 24h, {}, 200))
        keeper->make(table_, range);
    std::vector<Message> messages;
    for (int hour = 0; hour < 2400; hour += hour == 200 ? 1000 : 5)
        messages.push_back(message(from + 1h * hour, std::to_string(hour)));
    store_all(messages);
    for (const int limit : {1, 60, 1000}) {
        const auto forward = all_pages({.application_id = "water"}, limit);
        const auto backward = all_pages({.application_id = "water", .newest_first = true}, limit);
        ASSERT_EQ(forward.size(), messages.size());
        ASSERT_EQ(backward.size(), messages.size());
        for (std::size_t i = 0; i < messages.size(); ++i) {
            ASSERT_EQ(forward[i].json, messages[i].json);
            ASSERT_EQ(backward[messages.size() - 1 - i].json, messages[i].json);
        }
    }
    EXPECT_EQ(all_pages({.application_id = "water", .after = from + 100h, .before = from + 1300h}, 10).size(),
              41U);
}

// However far the page is, it is read through the index and touches about as much.
TEST_F(Pages, TouchAsMuchAtTheEndAsAtTheStart) {
    const timeseries::Time from(1700000000s);
    const auto keeper = timeseries::make_keeper(timeseries::Way::partitions, {connection_, stop_, {}});
    for (const auto& range : timeseries::missing_ranges(from, from + 240h, 24h, {}, 100))
        keeper->make(table_, range);
    DemoMessages network({.applications = 1, .devices = 50, .from = from, .to = from + 240h});
    store(connection_, table_, [&] { return network.next(); });
    connection_.execute("ANALYZE storage.messages");
    const auto touched = [&](const std::string& more) {
        const auto plan = connection_.execute(
            "EXPLAIN (ANALYZE, BUFFERS, TIMING off) SELECT id FROM storage.messages WHERE tenant_id = '' AND "
            "application_id = 'demo-1' AND device_id = 'device-00007'" +
            more + " ORDER BY received_at, id LIMIT 100");
        std::string text;
        for (int row = 0; row < plan.rows(); ++row) text += std::string(plan.text(row, 0)) + "\n";
        EXPECT_THAT(text, testing::HasSubstr("Index"));
        const auto at = text.find("shared hit=");
        return at == std::string::npos ? 0 : std::stoi(text.substr(at + 11));
    };
    const auto first = touched("");
    const auto late = touched(
        " AND received_at >= to_timestamp(1700800000) AND (received_at, id) > "
        "(to_timestamp(1700800000), 1)");
    EXPECT_GT(first, 0);
    EXPECT_LE(late, 2 * first + 20);
}

}  // namespace
}  // namespace tti::storage_integration
