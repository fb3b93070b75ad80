#include "storage_integration/message.hpp"

#include <gtest/gtest.h>

#include "storage_integration/demo_network.hpp"
#include "storage_integration/json_lines.hpp"

namespace tti::storage_integration {
namespace {

using namespace std::chrono_literals;

const std::string uplink =
    R"({"end_device_ids":{"device_id":"tank-07","application_ids":{"application_id":"water-levels"}},)"
    R"("received_at":"2026-02-03T09:14:27.503114208Z","uplink_message":{"f_port":12,"decoded_payload":{"t":"\u0000"}}})";

TEST(ParseMessage, ReadsTheColumns) {
    const auto message = parse_message(uplink);
    ASSERT_TRUE(message) << message.error();
    EXPECT_EQ(message->application_id, "water-levels");
    EXPECT_EQ(message->device_id, "tank-07");
    EXPECT_EQ(message->type, "uplink_message");
    EXPECT_EQ(message->f_port, 12);
    EXPECT_EQ(timeseries::format(message->received_at), "2026-02-03T09:14:27.503114Z");
    EXPECT_EQ(message->json, uplink);
}

TEST(ParseMessage, TakesTypesWithoutPort) {
    const auto message =
        parse_message(R"({"end_device_ids":{"device_id":"d","application_ids":{"application_id":"a"}},)"
                      R"("received_at":"2026-02-03T08:00:02Z","join_accept":{}})");
    ASSERT_TRUE(message) << message.error();
    EXPECT_EQ(message->type, "join_accept");
    EXPECT_FALSE(message->f_port);
}

TEST(ParseMessage, RefusesWhatIsNone) {
    for (const char* text :
         {"", "[]", "{", "{}", R"({"end_device_ids":3})",
          R"({"end_device_ids":{"device_id":"d","application_ids":"a"}})",
          R"({"end_device_ids":{"device_id":"d","application_ids":{"application_id":"a"}},)"
          R"("received_at":"yesterday","join_accept":{}})",
          R"({"end_device_ids":{"device_id":"d","application_ids":{"application_id":"a"}},)"
          R"("received_at":"2026-02-03T08:00:02Z","something":{}})"}) {
        EXPECT_FALSE(parse_message(text)) << text;
    }
}

TEST(JsonLine, IsTheStoredText) {
    std::string line;
    to_json_line(R"({"text":"a \\"quoted\\" \\u0000 \\\\ end"})"
                 "\n",
                 line);
    EXPECT_EQ(line, R"({"text":"a \"quoted\" \u0000 \\ end"})"
                    "\n");
    to_json_line("{\\n\\t\"a\": 1}\n", line);
    EXPECT_EQ(line, "{  \"a\": 1}\n");
}

TEST(DemoMessages, AreTheSameForTheSameSeed) {
    const DemoNetwork network{.from = timeseries::Time(1000h), .to = timeseries::Time(1024h)};
    DemoMessages one(network);
    DemoMessages two(network);
    auto other = network;
    other.seed = 2;
    DemoMessages three(other);
    int messages = 0;
    bool differs = false;
    while (const auto* message = one.next()) {
        const auto* same = two.next();
        ASSERT_NE(same, nullptr);
        ASSERT_EQ(message->json, same->json);
        const auto* different = three.next();
        differs = differs || different == nullptr || different->json != message->json;
        ++messages;
    }
    EXPECT_EQ(two.next(), nullptr);
    EXPECT_TRUE(differs);
    EXPECT_GT(messages, one.expected() * 9 / 10);
    EXPECT_LT(messages, one.expected());
}

TEST(DemoMessages, AreReadableAndInOrder) {
    DemoMessages messages({.from = timeseries::Time(1000h), .to = timeseries::Time(1024h)});
    timeseries::Time before{};
    while (const auto* message = messages.next()) {
        const auto parsed = parse_message(message->json);
        ASSERT_TRUE(parsed) << parsed.error() << ": " << message->json;
        EXPECT_EQ(parsed->device_id, message->device_id);
        EXPECT_EQ(parsed->application_id, message->application_id);
        EXPECT_EQ(parsed->type, message->type);
        EXPECT_EQ(parsed->f_port, message->f_port);
        EXPECT_EQ(parsed->received_at, message->received_at);
        EXPECT_LE(before, message->received_at);
        before = message->received_at;
    }
}

}  // namespace
}  // namespace tti::storage_integration
