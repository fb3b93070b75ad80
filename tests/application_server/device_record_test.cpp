#include "application_server/device_record.hpp"

#include <gtest/gtest.h>

#include "lorawan/message.hpp"

namespace tti::application_server {
namespace {

// Vectors that were seen at a running migration of the stack.
constexpr auto before =
    "CigKBGRldjESBgoEYXBwMSIIAQIDBAUGBwgqCBESExQVFhcYMgQBAgME0gEsEgQBAgMEGhoKBAECAwQqEgoQABEiM0RVZneImaq7zN3u"
    "/"
    "yAHQgYIgMKv8AXaAQ4SBAECAwVCBgiAwq/wBQ";
constexpr auto after =
    "CigKBGRldjESBgoEYXBwMSIIAQIDBAUGBwgqCBESExQVFhcYMgQBAgME0gEkEgQBAgMEGhoKBAECAwQqEgoQABEiM0RVZneImaq7zN3u"
    "/"
    "yAH2gEGEgQBAgMF";

TEST(DeviceRecord, LosesTheTimeAtWhichItsSessionsBegan) {
    const auto judgement = judge(before);
    EXPECT_EQ(judgement.state, RecordState::to_change);
    EXPECT_EQ(judgement.value, after);
    EXPECT_EQ(judge(after).state, RecordState::right);
}

TEST(DeviceRecord, KeepsUnknownFieldsAndTheirOrder) {
    using namespace std::string_literals;
    const auto session = "\x42\x00\x98\x06\x05\x12\x04\x01\x02\x03\x04"s;  // started_at empty, 99 unknown
    const auto message = "\xc0\x0c\x2a\xd2\x01\x0b"s + session + "\xca\x0c\x03key"s;
    const auto judgement = judge(lorawan::encode_message(message));
    ASSERT_EQ(judgement.state, RecordState::to_change);
    EXPECT_EQ(lorawan::decode_message(judgement.value).value(),
              "\xc0\x0c\x2a\xd2\x01\x09\x98\x06\x05\x12\x04\x01\x02\x03\x04\xca\x0c\x03key"s);
}

TEST(DeviceRecord, KeepsASessionThatLosesItsLastField) {
    const auto judgement = judge(lorawan::encode_message(std::string("\xd2\x01\x02\x42\x00", 5)));
    EXPECT_EQ(judgement.value, lorawan::encode_message(std::string("\xd2\x01\x00", 3)));
}

TEST(DeviceRecord, IsBrokenWhereNobodyCouldReadIt) {
    for (const auto* text : {"a", "Cg=", "%%%%", "0gF/"}) {
        const auto judgement = judge(text);
        EXPECT_EQ(judgement.state, RecordState::broken) << text;
        EXPECT_FALSE(judgement.reason.empty()) << text;
    }
}

TEST(DeviceRecord, MayBeEmpty) {
    EXPECT_EQ(judge("").state, RecordState::right);
}

}  // namespace
}  // namespace tti::application_server
