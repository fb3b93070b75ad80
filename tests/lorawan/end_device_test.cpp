#include "lorawan/end_device.hpp"

#include <gmock/gmock.h>

#include "bytes.hpp"
#include "lorawan/message.hpp"
#include "support/lorawan_records.hpp"

namespace tti::lorawan {
namespace {

using test::Message;
using test::SampleDevice;
using testing::ElementsAre;

SampleDevice sample() {
    SampleDevice device = test::sample_device(7);
    device.pending_dev_addr = 0x27000007;
    device.last_f_cnt_up = 70000;
    device.resets_f_cnt = true;
    device.supports_32_bit_f_cnt = false;
    return device;
}

TEST(EndDevice, IsReadFromARecordOfTheNetworkServer) {
    const SampleDevice written = sample();
    const auto device = read_end_device_text(network_server_record(written).text()).value();
    EXPECT_EQ(text(device.uid), written.uid());
    EXPECT_EQ(device.join_eui->value, written.join_eui);
    EXPECT_EQ(device.dev_eui->value, written.dev_eui);
    EXPECT_EQ(device.session->dev_addr->value, written.dev_addr);
    EXPECT_EQ(device.session->session_key_id, written.session_key_id);
    EXPECT_EQ(device.session->f_nwk_s_int_key.key, written.key);
    EXPECT_EQ(device.session->last_f_cnt_up, 70000U);
    EXPECT_FALSE(device.session->has_started_at);
    EXPECT_EQ(device.pending_session->dev_addr->value, written.pending_dev_addr);
    EXPECT_EQ(device.mac_version, 5);
    EXPECT_EQ(device.pending_mac_version, 5);
    EXPECT_EQ(device.resets_f_cnt, true);
    EXPECT_EQ(device.supports_32_bit_f_cnt, false);
    EXPECT_TRUE(device.served_devices.empty());
}

TEST(EndDevice, IsReadFromRecordsOfTheOthers) {
    SampleDevice written = sample();
    written.started_at = true;
    const auto application = read_end_device(application_server_record(written).binary()).value();
    EXPECT_TRUE(application.session->has_started_at);
    EXPECT_TRUE(application.pending_session->has_started_at);
    EXPECT_FALSE(application.mac_version.has_value());

    Message join = join_server_record(written);
    join.bytes(42, "microchip");
    join.message(43,
                 Message()
                     .message(1, Message().bytes(1, "other").message(2, Message().bytes(3, "x")))
                     .message(1, Message().bytes(1, "uniqueId").message(2, Message().bytes(3, "0123a6"))));
    const auto joined = read_end_device(join.binary()).value();
    EXPECT_EQ(joined.provisioner_id, "microchip");
    EXPECT_EQ(joined.provisioning_unique_id, "0123a6");
    EXPECT_FALSE(joined.session.has_value());
}

TEST(EndDevice, OfNothingIsEmpty) {
    const auto device = read_end_device("").value();
    EXPECT_EQ(device.uid, DeviceUid());
    EXPECT_FALSE(device.join_eui || device.dev_eui || device.session || device.mac_version);
    EXPECT_TRUE(address_entries(device).empty());
}

TEST(EndDevice, PiecesOfAMessageAreMerged) {
    Message message;
    message.message(26, Message().bytes(2, bytes_of("01020304")).number(4, 5));
    message.message(25, Message().number(4, 6));
    message.message(26, Message().number(4, 9).message(3, Message().message(2, Message().bytes(2, "kek"))));
    message.message(25, Message());
    message.message(24, Message().message(15, Message().number(1, 1)));
    message.message(24, Message().message(15, Message()));
    const auto device = read_end_device(message.binary()).value();
    EXPECT_EQ(device.session->dev_addr->value, 0x01020304U);
    EXPECT_EQ(device.session->last_f_cnt_up, 9U);
    EXPECT_EQ(device.session->f_nwk_s_int_key.kek_label, "kek");
    EXPECT_EQ(device.mac_version, 6);
    EXPECT_EQ(device.resets_f_cnt, true);
}

TEST(EndDevice, RelayRulesAreFoundInAllSixPlaces) {
    const auto rules = [](const char* id) {
        return Message().message(
            1, Message().message(4, Message().bytes(3, id)).message(4, Message().bytes(3, "")));
    };
    const auto parameters = [&](const char* id) { return Message().message(25, rules(id)); };
    Message message;
    message.message(24, Message().message(36, rules("six")).message(37, rules("five")));
    message.message(25, Message().message(1, parameters("one")).message(2, parameters("two")));
    message.message(44, Message().message(1, parameters("one")).message(2, parameters("four")));
    EXPECT_THAT(read_end_device(message.binary()).value().served_devices,
                ElementsAre("five", "four", "one", "six", "two"));
}

TEST(EndDevice, WhatIsMalformedIsNamed) {
    const auto refusal = [](const Message& message) {
        const auto device = read_end_device(message.binary());
        return device ? "accepted" : device.error();
    };
    EXPECT_EQ(refusal(Message().message(1, Message().bytes(4, "1234567"))),
              "ids.dev_eui: an EUI has 8 bytes, not 7");
    EXPECT_EQ(refusal(Message().message(26, Message().bytes(2, "12345"))),
              "session: a DevAddr has 4 bytes, not 5");
    EXPECT_EQ(refusal(Message().bytes(27, "\x42")), "pending_session: the message has a malformed length");
    EXPECT_EQ(refusal(Message().message(25, Message().number(4, 256))),
              "mac_state: an impossible LoRaWAN version");
    EXPECT_FALSE(read_end_device("\x0a").has_value());
    EXPECT_FALSE(read_end_device_text("===").has_value());
}

TEST(EndDevice, AnEmptyEuiIsNone) {
    const auto device = read_end_device(Message().message(1, Message().bytes(4, "").bytes(5, "")).binary());
    EXPECT_FALSE(device.value().dev_eui || device.value().join_eui);
}

TEST(AddressEntries, AreThoseOfBothSessions) {
    const auto device = read_end_device(network_server_record(sample()).binary()).value();
    const auto entries = address_entries(device);
    ASSERT_EQ(entries.size(), 2U);
    EXPECT_EQ(entries[0].address.value, 0x26000007U);
    EXPECT_FALSE(entries[0].pending);
    EXPECT_EQ(entries[0].score, 70000 & 0xFFFF);
    const auto current = decode_current(entries[0].fields).value();
    EXPECT_EQ(current.f_nwk_s_int_key.key, sample().key);
    EXPECT_EQ(current.last_f_cnt, 70000U);
    EXPECT_EQ(current.resets_f_cnt, true);
    EXPECT_EQ(entries[1].address.value, 0x27000007U);
    EXPECT_TRUE(entries[1].pending);
    EXPECT_EQ(decode_pending(entries[1].fields).value().lorawan_version, 5);
}

TEST(AddressEntries, NeedAnAddressAndAMacState) {
    const auto count = [](const Message& message) {
        return address_entries(read_end_device(message.binary()).value()).size();
    };
    const Message session = Message().bytes(2, "1234");
    EXPECT_EQ(count(Message().message(26, session)), 0U);
    EXPECT_EQ(count(Message().message(25, Message())), 0U);
    EXPECT_EQ(count(Message().message(26, Message()).message(25, Message())), 0U);
    EXPECT_EQ(count(Message().message(26, session).message(25, Message())), 1U);
    EXPECT_EQ(count(Message().message(26, session).message(44, Message())), 0U);
    EXPECT_EQ(count(Message().message(27, session).message(44, Message())), 1U);
}

}  // namespace
}  // namespace tti::lorawan
