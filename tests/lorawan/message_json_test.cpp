#include "lorawan/message_json.hpp"

#include <gtest/gtest.h>

#include "bytes.hpp"
#include "lorawan/message.hpp"
#include "support/lorawan_records.hpp"

namespace tti::lorawan {
namespace {

using Json = nlohmann::ordered_json;
using test::Message;

Json shown(MessageKind kind, const Message& message) {
    return to_json(kind, message.binary(), Secrets::shown).value();
}
Json masked(MessageKind kind, const Message& message) {
    return to_json(kind, message.binary(), Secrets::masked).value();
}

TEST(MessageJson, ShowsADeviceByTheNamesOfItsFields) {
    auto sample = test::sample_device(7);
    sample.resets_f_cnt = false;
    sample.served_devices = {"served"};
    const Json device = shown(MessageKind::end_device, network_server_record(sample));
    EXPECT_EQ(device["ids"]["device_id"], "device-7");
    EXPECT_EQ(device["ids"]["application_ids"]["application_id"], "app-0");
    EXPECT_EQ(device["ids"]["dev_eui"], "0004A30B00000007");
    EXPECT_EQ(device["created_at"], "2020-09-13T12:26:40.123456789Z");
    EXPECT_EQ(device["lorawan_version"], "1.0.3");
    EXPECT_EQ(device["supports_join"], true);
    EXPECT_EQ(device["mac_settings"]["resets_f_cnt"], false);
    EXPECT_EQ(device["mac_settings"]["rx1_delay"], 5);
    EXPECT_EQ(device["mac_settings"]["relay"]["serving"]["uplink_forwarding_rules"][0]["device_id"],
              "served");
    EXPECT_EQ(device["mac_state"]["current_parameters"]["max_eirp"], 16.0);
    EXPECT_EQ(device["mac_state"]["current_parameters"]["channels"].size(), 4U);
    EXPECT_GT(device["mac_state"]["current_parameters"]["channels"][0]["bytes"], 0);
    EXPECT_EQ(device["session"]["dev_addr"], "26000007");
    EXPECT_EQ(device["session"]["keys"]["f_nwk_s_int_key"]["key"], hex_of(sample.key));
    EXPECT_EQ(device["unknown"],
              Json::parse(R"([{"field":900,"bytes":3},{"field":901,"bytes":6},{"field":902,"bytes":6}])"));
}

TEST(MessageJson, MasksKeysAndPasswordsUnlessTold) {
    const std::string mask = "********";
    auto sample = test::sample_device(7);
    for (const auto& [kind, message] : std::vector<std::pair<MessageKind, Message>>{
             {MessageKind::end_device, network_server_record(sample)},
             {MessageKind::end_device, application_server_record(sample)},
             {MessageKind::end_device, join_server_record(sample)},
             {MessageKind::session_keys, test::session_keys("id", sample.key)}}) {
        EXPECT_EQ(masked(kind, message).dump().find(hex_of(sample.key)), std::string::npos);
        EXPECT_NE(shown(kind, message).dump().find(hex_of(sample.key)), std::string::npos);
    }
    const Json hook = masked(MessageKind::application_webhook, test::webhook("app1", "hook"));
    EXPECT_EQ(hook["headers"]["Authorization"], mask);
    EXPECT_EQ(hook["downlink_api_key"], mask);
    EXPECT_EQ(hook["base_url"], "https://example.com/lorawan");
    EXPECT_EQ(
        shown(MessageKind::application_webhook, test::webhook("app1", "hook"))["headers"]["Authorization"],
        "Bearer very-secret");
    EXPECT_EQ(masked(MessageKind::application_pub_sub, test::pubsub("app1", "sub1")).dump().find("password"),
              std::string::npos);
    EXPECT_EQ(masked(MessageKind::application_activation_settings, test::activation_settings())["kek"]["key"],
              mask);
    const Message claim = Message().message(46, Message().bytes(1, "CODE"));
    EXPECT_EQ(masked(MessageKind::end_device, claim)["claim_authentication_code"]["value"], mask);
    const Message url = Message().bytes(4, "https://user:password@example.com/a@b");
    EXPECT_EQ(masked(MessageKind::application_webhook, url)["base_url"], "https://********@example.com/a@b");
}

TEST(MessageJson, KnowsEveryRecordOfTheServers) {
    const auto sample = test::sample_device(7);
    EXPECT_EQ(shown(MessageKind::application_up,
                    application_uplink_message(sample))["uplink_message"]["frm_payload"],
              "010203");
    EXPECT_EQ(shown(MessageKind::application_link, test::application_link())["skip_payload_crypto"], true);
    EXPECT_EQ(shown(MessageKind::application_package_association,
                    package_association(sample, 202))["ids"]["f_port"],
              202);
    EXPECT_EQ(shown(MessageKind::application_package_default_association,
                    test::package_default_association("app1", 202))["package_name"],
              "alcsync-v1");
    EXPECT_EQ(shown(MessageKind::application_activation_settings, test::activation_settings())["home_net_id"],
              "000013");
}

TEST(MessageJson, ShowsValuesOfEveryForm) {
    const auto device = [](const Message& message) { return shown(MessageKind::end_device, message); };
    EXPECT_EQ(device(Message().bytes(29, bytes_of("01ac02")).number(29, 7))["used_dev_nonces"],
              Json::parse("[1,300,7]"));
    EXPECT_EQ(device(Message().number(36, ~0ULL))["downlink_margin"], -1);
    EXPECT_EQ(device(Message().message(35, Message().fixed32(1, 0x3F000000)))["battery_percentage"], 0.5);
    EXPECT_EQ(device(Message().message(6, Message().bytes(1, "a").bytes(2, "b")))["attributes"]["a"], "b");
    EXPECT_EQ(device(Message().message(
                  12, Message().bytes(1, "user").message(
                          2, Message().fixed64(1, 0x4000000000000000ULL))))["locations"]["user"]["latitude"],
              2.0);
    EXPECT_EQ(device(Message().message(
                  24, Message().message(1, Message().number(1, 8).number(
                                               2, 500000000))))["mac_settings"]["class_b_timeout"],
              "8.5s");
    EXPECT_EQ(device(Message().message(25, Message().number(3, 2)))["mac_state"]["device_class"], "C");
    EXPECT_EQ(device(Message().message(2, Message()))["created_at"], "1970-01-01T00:00:00Z");
    EXPECT_EQ(device(Message().message(2, Message().number(1, ~0ULL << 60U)))["created_at"],
              "-1152921504606846976");
    EXPECT_EQ(device(Message().bytes(4, "\xFF\xFE"))["name"], "fffe");
    EXPECT_EQ(device(Message().number(15, 77))["lorawan_version"], "77");
}

TEST(MessageJson, ShowsStructures) {
    const auto entry = [](const char* name, const Message& value) {
        return Message().bytes(1, name).message(2, value);
    };
    Message inner;
    inner.message(1, entry("text", Message().bytes(3, "secret")));
    inner.message(1, entry("number", Message().fixed64(2, 0x3FF8000000000000ULL)));
    inner.message(1, entry("yes", Message().number(4, 1)));
    inner.message(1, entry("none", Message().number(1, 0)));
    inner.message(1, entry("list", Message().message(6, Message().message(1, Message().bytes(3, "x")))));
    inner.message(
        1, entry("object", Message().message(5, Message().message(1, entry("a", Message().bytes(3, "b"))))));
    const Message association = Message().message(5, inner);
    EXPECT_EQ(
        shown(MessageKind::application_package_association, association)["data"],
        Json::parse(
            R"({"text":"secret","number":1.5,"yes":true,"none":null,"list":["x"],"object":{"a":"b"}})"));
    const Json hidden = masked(MessageKind::application_package_association, association)["data"];
    EXPECT_EQ(hidden["text"], "********");
    EXPECT_EQ(hidden["object"]["a"], "********");
    EXPECT_EQ(hidden["number"], 1.5);
}

TEST(MessageJson, MergesWhatCameInPieces) {
    const Message pieces = Message()
                               .message(26, Message().bytes(2, "1234"))
                               .bytes(4, "old")
                               .message(26, Message().number(4, 9))
                               .bytes(4, "new");
    const Json device = shown(MessageKind::end_device, pieces);
    EXPECT_EQ(device["session"]["dev_addr"], "31323334");
    EXPECT_EQ(device["session"]["last_f_cnt_up"], 9);
    EXPECT_EQ(device["name"], "new");
}

TEST(MessageJson, RefusesWhatIsMalformed) {
    const auto refusal = [](const Message& message) {
        const auto json = to_json(MessageKind::end_device, message.binary(), Secrets::masked);
        return json ? "accepted" : json.error();
    };
    EXPECT_EQ(refusal(Message().bytes(26, "\x12")), "Session: the message has a malformed length");
    EXPECT_EQ(refusal(Message().bytes(29, "\x80")), "used_dev_nonces: a malformed number in a list");
    EXPECT_NE(refusal(Message().bytes(43, "\x0a")), "accepted");
    EXPECT_EQ(refusal(Message().number(26, 1)), "accepted");  // another type: unknown
    std::string nested;
    for (int level = 0; level < 10000; ++level) {
        nested = Message().bytes(6, nested).binary();
    }
    EXPECT_FALSE(to_json(MessageKind::error_details, nested, Secrets::masked).has_value());
}

TEST(MessageSchema, IsInOrder) {
    for (const MessageRule& message : message_rules()) {
        EXPECT_EQ(rule(message.kind).name, message.name);
        for (std::size_t field = 1; field < message.fields.size(); ++field) {
            EXPECT_LT(message.fields[field - 1].number, message.fields[field].number) << message.name;
        }
    }
}

}  // namespace
}  // namespace tti::lorawan
