#include <gmock/gmock.h>

#include "bytes.hpp"
#include "lorawan/end_device.hpp"
#include "lorawan/message.hpp"
#include "lorawan/message_json.hpp"
#include "lorawan/wire.hpp"
#include "support/lorawan_records.hpp"

// Every record that the servers keep, with fields of a later release in it, goes through all that we do with
// records and stays what it was.

namespace tti::lorawan {
namespace {

using test::Message;

struct Record {
    std::string name;
    MessageKind kind;
    Message message;
};

test::SampleDevice full_device() {
    auto device = test::sample_device(7);
    device.pending_dev_addr = 0x27000007;
    device.last_f_cnt_up = 70000;
    device.resets_f_cnt = true;
    device.supports_32_bit_f_cnt = false;
    device.served_devices = {"served-1", "served-2"};
    return device;
}

std::vector<Record> records() {
    const auto device = full_device();
    std::vector<Record> all;
    all.push_back({"network_server", MessageKind::end_device, network_server_record(device)});
    all.push_back({"application_server", MessageKind::end_device, application_server_record(device)});
    all.push_back({"join_server", MessageKind::end_device, join_server_record(device)});
    all.push_back(
        {"session_keys", MessageKind::session_keys, test::session_keys("0123456789abcdef", device.key)});
    all.push_back({"application_link", MessageKind::application_link, test::application_link()});
    all.push_back({"application_up", MessageKind::application_up, application_uplink_message(device)});
    all.push_back({"webhook", MessageKind::application_webhook, test::webhook("app1", "hook")});
    all.push_back({"pubsub", MessageKind::application_pub_sub, test::pubsub("app1", "sub1")});
    all.push_back(
        {"package", MessageKind::application_package_association, package_association(device, 200)});
    all.push_back({"default_package", MessageKind::application_package_default_association,
                   test::package_default_association("app1", 200)});
    all.push_back(
        {"activation_settings", MessageKind::application_activation_settings, test::activation_settings()});
    return all;
}

class RoundTrip : public testing::TestWithParam<Record> {};

TEST_P(RoundTrip, TheTextGivesTheMessageBack) {
    const auto& message = GetParam().message;
    EXPECT_EQ(decode_message(message.text()).value(), message.binary());
    EXPECT_EQ(encode_message(decode_message(message.text()).value()), message.text());
}

TEST_P(RoundTrip, TheFieldsAreTheWholeMessage) {
    std::string together;
    wire::Reader reader(GetParam().message.binary());
    for (wire::Field field; reader.read(field);) {
        together += field.whole;
    }
    EXPECT_EQ(reader.error(), "");
    EXPECT_EQ(together, GetParam().message.binary());
}

TEST_P(RoundTrip, UnknownFieldsAreCountedAndNotMistaken) {
    const auto json = to_json(GetParam().kind, GetParam().message.binary(), Secrets::shown).value();
    EXPECT_EQ(json["unknown"].size(), 3U);
    EXPECT_EQ(json["unknown"][0]["field"], 900);
}

INSTANTIATE_TEST_SUITE_P(Records, RoundTrip, testing::ValuesIn(records()),
                         [](const auto& record) { return record.param.name; });

// The same device, once as an old server wrote it and once as a new one.
TEST(RoundTrip, APatchedDeviceIsTheOneWithoutStartedAt) {
    for (const auto record : {test::network_server_record, test::application_server_record}) {
        auto device = full_device();
        const auto after = record(device);
        device.started_at = true;
        const auto before = record(device);
        EXPECT_EQ(wire::without_started_at(before.binary()).value(), after.binary());
        EXPECT_EQ(wire::without_started_at(after.binary()).value(), std::nullopt);
    }
}

TEST(RoundTrip, UnknownFieldsDoNotChangeTheIndex) {
    auto device = full_device();
    const auto entries = address_entries(read_end_device(network_server_record(device).binary()).value());
    device.unknown_fields = false;
    const auto plain = address_entries(read_end_device(network_server_record(device).binary()).value());
    ASSERT_EQ(entries.size(), 2U);
    ASSERT_EQ(plain.size(), 2U);
    for (std::size_t entry = 0; entry < 2; ++entry) {
        EXPECT_EQ(entries[entry].address, plain[entry].address);
        EXPECT_EQ(entries[entry].fields, plain[entry].fields);
        EXPECT_EQ(entries[entry].score, plain[entry].score);
    }
}

}  // namespace
}  // namespace tti::lorawan
