#include "stale_records/registry_messages.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tti::stale_records {
namespace {

using namespace std::string_literals;

TEST(RegistryMessages, AskAsTheStackDoes) {
    EXPECT_EQ(list_devices_request("created_at", 1000, 2),
              "\x12\x05\x0a\x03ids\x1a\x0a"
              "created_at\x20\xe8\x07\x28\x02"s);
    EXPECT_EQ(list_applications_request("", 1000, 1, true),
              "\x12\x05\x0a\x03ids\x1a\x00\x20\xe8\x07\x28\x01\x30\x01"s);
    EXPECT_EQ(get_device_request("app.dev"),
              "\x0a\x0c\x0a\x03"
              "dev\x12\x05\x0a\x03"
              "app\x12\x05\x0a\x03ids"s);
}

TEST(RegistryMessages, ReadDevicesWithTheirEuis) {
    const auto one =
        "\x0a\x22\x0a\x20\x0a\x03"
        "dev\x12\x05\x0a\x03"
        "app\x22\x08\x00\x04\xa3\x0b\x00\x00\x00\x01"
        "\x2a\x08\x70\xb3\xd5\x7e\xd0\x00\x00\x00"s;
    const auto two =
        "\x0a\x0e\x0a\x0c\x0a\x03"
        "two\x12\x05\x0a\x03"
        "app"s;
    std::vector<std::string> read;
    EXPECT_EQ(read_devices(one + two,
                           [&](const auto& device) { read.push_back(device.uid + " " + device.eui_pair); }),
              2U);
    EXPECT_THAT(read, testing::ElementsAre("app.dev 70B3D57ED0000000:0004A30B00000001", "app.two "));
    EXPECT_EQ(read_devices("", [](const auto&) { FAIL(); }), 0U);
}

TEST(RegistryMessages, AreErrorsWhereTheyCannotBeRead) {
    EXPECT_FALSE(read_devices("\x0a\x22\x0a", [](const auto&) {}));
    EXPECT_FALSE(read_devices("\x0a\x02\x0a\x00"s, [](const auto&) {})) << "without an ID";
    EXPECT_FALSE(read_applications("\x0a\x02\x0a\x00"s, [](auto) {})) << "without an ID";
    std::string id;
    EXPECT_EQ(read_applications("\x0a\x07\x0a\x05\x0a\x03"
                                "app",
                                [&](auto found) { id = found; }),
              1U);
    EXPECT_EQ(id, "app");
}

}  // namespace
}  // namespace tti::stale_records
