#include "lorawan/keys.hpp"

#include <chrono>
#include <vector>

#include <gtest/gtest.h>

namespace tti::lorawan {
namespace {

using enum KeyKind;

const std::vector<std::string> usual{"ttn", "v3"};

struct Example {
    KeyKind kind;
    std::string key;
    std::vector<std::string> parts;
};

// Below "ttn:v3:".
const std::vector<Example> examples{
    {ns_schema_version, "ns:devices:schema-version", {}},
    {ns_device, "ns:devices:uid:app1.dev1", {"app1.dev1"}},
    {ns_eui, "ns:devices:eui:0000000000000000:70B3D57ED0000ABC", {"0000000000000000", "70B3D57ED0000ABC"}},
    {ns_current, "ns:devices:addr:0123ABCD:current", {"0123ABCD"}},
    {ns_current_fields, "ns:devices:addr:0123ABCD:current:fields", {"0123ABCD"}},
    {ns_pending, "ns:devices:addr:0123ABCD:pending", {"0123ABCD"}},
    {ns_pending_fields, "ns:devices:addr:0123ABCD:pending:fields", {"0123ABCD"}},
    {ns_relay_rule, "ns:devices:relay:rules:app1.dev1", {"app1.dev1"}},
    {ns_uplinks_schema_version, "ns:application-uplinks:schema-version", {}},
    {ns_uplinks, "ns:application-uplinks:uplinks", {}},
    {ns_downlink_input, "ns:tasks:downlink:input", {}},
    {ns_downlink_ready, "ns:tasks:downlink:ready", {}},
    {ns_downlink_waiting, "ns:tasks:downlink:waiting", {}},
    {ns_device_fields_3_10, "ns:devices:uid:app1.dev1:fields", {"app1.dev1"}},
    {ns_address_before_3_10, "ns:devices:addr:0123ABCD", {"0123ABCD"}},
    {ns_address_16_bit, "ns:devices:addr:0123ABCD:16bit", {"0123ABCD"}},
    {ns_address_32_bit, "ns:devices:addr:0123ABCD:32bit", {"0123ABCD"}},
    {ns_device_last_invalidation, "ns:devices:uid:app1.dev1:last-invalidation", {"app1.dev1"}},
    {ns_legacy_uplinks, "ns:application-uplinks:uid:app1:uplinks", {"app1"}},
    {ns_legacy_invalidation, "ns:application-uplinks:uid:app1:uplinks:invalidation", {"app1"}},
    {ns_legacy_join_accept, "ns:application-uplinks:uid:app1:uplinks:join-accept", {"app1"}},
    {ns_legacy_application_task, "ns:application-uplinks:application:input", {"input"}},
    {ns_last_invalidation, "ns:application-uplinks:uid:app1.dev1:last-invalidation", {"app1.dev1"}},
    {ns_deduplication,
     "ns:uplink-deduplication:XzGucBkJeG8:prs9t0:CgsIyNAHEAcaAzQvNQ:0:lock",
     {"XzGucBkJeG8:prs9t0:CgsIyNAHEAcaAzQvNQ:0:lock"}},
    {ns_scheduled_downlink, "ns:scheduled-downlinks:cid:01EXAMPLE", {"01EXAMPLE"}},
    {as_schema_version, "as:schema-version", {}},
    {as_device, "as:devices:uid:app1.dev1", {"app1.dev1"}},
    {as_eui, "as:devices:eui:70B3D57ED0000ABC:0000000000000000", {"70B3D57ED0000ABC", "0000000000000000"}},
    {as_links, "as:links:all", {}},
    {as_link, "as:links:uid:app1", {"app1"}},
    {as_pubsubs, "as:io:pubsub:all", {}},
    {as_pubsub_ids, "as:io:pubsub:uid:app1", {"app1"}},
    {as_pubsub, "as:io:pubsub:uid:app1:sub1", {"app1", "sub1"}},
    {as_webhook_ids, "as:io:webhooks:uid:app1", {"app1"}},
    {as_webhook, "as:io:webhooks:uid:app1:hook", {"app1", "hook"}},
    {as_package_ports, "as:io:applicationpackages:uid:app1.dev1", {"app1.dev1"}},
    {as_package_ports, "as:io:applicationpackages:uid:app1", {"app1"}},
    {as_package, "as:io:applicationpackages:uid:app1.dev1:255", {"app1.dev1", "255"}},
    {as_package, "as:io:applicationpackages:uid:app1:1", {"app1", "1"}},
    {as_location, "as:metadata:locations:uid:app1.dev1", {"app1.dev1"}},
    {as_traffic, "as:traffic:uid:app1:uplinks", {"app1"}},
    {as_legacy_uplinks, "as:applicationups:uid:app1.dev1", {"app1.dev1"}},
    {js_device, "js:devices:uid:app1.dev1", {"app1.dev1"}},
    {js_eui, "js:devices:eui:0000000000000000:70B3D57ED0000ABC", {"0000000000000000", "70B3D57ED0000ABC"}},
    {js_provisioner, "js:devices:provisioner:microchip:0123A6", {"microchip", "0123A6"}},
    {js_schema_version, "js:keys:schema-version", {}},
    {js_session_key,
     "js:keys:id:0000000000000000:70B3D57ED0000ABC:AXf+/9q",
     {"0000000000000000", "70B3D57ED0000ABC", "AXf+/9q"}},
    {js_session_key_ids,
     "js:keys:ids:0000000000000000:70B3D57ED0000ABC",
     {"0000000000000000", "70B3D57ED0000ABC"}},
    {js_activation_settings, "js:application-activation-settings:uid:app1", {"app1"}},
    {dcs_schema_version, "dcs:schema-version", {}},
    {dcs_any, "dcs:whatever:there:is", {"whatever:there:is"}},
    {gs_connection_stats, "gs:cache:connstats:uid:gtw1", {"gtw1"}},
    {is_telemetry_input, "is:tasks:telemetry:input", {}},
    {is_telemetry_ready, "is:tasks:telemetry:ready", {}},
    {is_telemetry_waiting, "is:tasks:telemetry:waiting", {}},
    {rate_limiting, "rate-limiting:gs:up:gtw:gtw1", {"gs:up:gtw:gtw1"}},
    {event_data, "event_data:01EXAMPLE", {"01EXAMPLE"}},
    {event_index, "event_index:AXf+/9q", {"AXf+/9q"}},
    {event_stream, "event_stream:end device:app1.dev1", {"end device", "app1.dev1"}},
    {own, "tti:lock:ns", {"lock:ns"}},
    {lock_helper, "ns:devices:uid:app1.dev1:lock", {"ttn:v3:ns:devices:uid:app1.dev1"}},
    {hand_over_list, "ns:devices:uid:app1.dev1:list", {"ttn:v3:ns:devices:uid:app1.dev1"}},
};

std::vector<std::string> parts_of(const Keys::Match& match) {
    std::vector<std::string> parts;
    for (const auto part : match.parts) {
        if (!part.empty()) parts.emplace_back(part);
    }
    return parts;
}

std::string made(const Keys& keys, const Example& example) {
    const auto& parts = example.parts;
    switch (parts.size()) {
        case 0:
            return keys.key(example.kind);
        case 1:
            return keys.key(example.kind, {parts[0]});
        case 2:
            return keys.key(example.kind, {parts[0], parts[1]});
        default:
            return keys.key(example.kind, {parts[0], parts[1], parts[2]});
    }
}

std::optional<KeyKind> kind_of(const Keys& keys, const std::string& key) {
    const auto match = keys.parse(key);
    return match ? std::optional(match->kind) : std::nullopt;
}

TEST(Keys, EveryKindIsMadeAndRead) {
    const Keys keys(usual);
    std::vector<bool> seen(key_rules().size());
    for (const Example& example : examples) {
        const std::string key = "ttn:v3:" + example.key;
        EXPECT_EQ(made(keys, example), key);
        const auto match = keys.parse(key);
        ASSERT_TRUE(match.has_value()) << key;
        EXPECT_EQ(match->kind, example.kind) << key;
        EXPECT_EQ(parts_of(*match), example.parts) << key;
        seen.at(static_cast<std::size_t>(example.kind)) = true;
    }
    for (std::size_t kind = 0; kind < seen.size(); ++kind) {
        EXPECT_TRUE(seen[kind]) << "no example of " << key_rules()[kind].pattern;
    }
}

TEST(Keys, AnEmptyNameSpaceHasNoPrefix) {
    const Keys keys({});
    EXPECT_EQ(keys.prefix(), "");
    EXPECT_EQ(keys.key(as_schema_version), "as:schema-version");
    EXPECT_EQ(kind_of(keys, "as:schema-version"), as_schema_version);
    EXPECT_EQ(keys.glob(as_device), "as:devices:uid:*");
    EXPECT_EQ(kind_of(keys, "schema-version"), std::nullopt);
}

TEST(Keys, OtherNameSpacesAreNotOurs) {
    const Keys keys(usual);
    for (const char* key : {"", "ttn", "ttn:v3", "ttn:v3:", "ttn:v2:as:schema-version", "as:schema-version",
                            "ttn:v3:acme:as:schema-version", "ttn:v3:{rest}:lock", "ttn:v3:\xFF"}) {
        EXPECT_EQ(kind_of(keys, key), std::nullopt) << key;
    }
    const std::vector<std::string> tenant{"ttn", "v3", "acme"};
    EXPECT_EQ(kind_of(Keys(tenant), "ttn:v3:acme:as:schema-version"), as_schema_version);
}

TEST(Keys, WhatIsNotOfTheGrammarIsUnknown) {
    const Keys keys(usual);
    for (const char* key : {"ns:devices:uid:app1",
                            "ns:devices:uid:App1.dev1",
                            "ns:devices:uid:app1.dev1:other",
                            "ns:devices:uid:",
                            "ns:devices:eui:70b3d57ed0000abc:70B3D57ED0000ABC",
                            "ns:devices:addr:0123abcd:current",
                            "ns:devices:addr:0123ABC:current",
                            "ns:devices:addr:0123ABCD:64bit",
                            "ns:application-uplinks:uid:app1.dev1:uplinks",
                            "ns:application-uplinks:application:",
                            "as:io:applicationpackages:uid:app1:256",
                            "as:io:applicationpackages:uid:app1:0",
                            "as:io:applicationpackages:uid:app1:01",
                            "as:links:uid:app1:x",
                            "js:keys:id:0000000000000000:70B3D57ED0000ABC",
                            "js:keys:id:0000000000000000:70B3D57ED0000ABC:a-_",
                            "dcs:",
                            "dcs",
                            "tti:",
                            "ns:devices:uid:app1:lock",
                            "nothing:lock",
                            ":lock",
                            "lock"}) {
        EXPECT_EQ(kind_of(keys, "ttn:v3:" + std::string(key)), std::nullopt) << key;
    }
}

TEST(Keys, HelpersBelongToAnyKeyButNotToTheirLikes) {
    const Keys keys(usual);
    const auto kind = [&](const std::string& below) { return kind_of(keys, "ttn:v3:" + below); };
    EXPECT_EQ(kind("js:keys:ids:0000000000000000:70B3D57ED0000ABC:lock"), lock_helper);
    EXPECT_EQ(kind("as:io:applicationpackages:uid:app1:lock"), lock_helper);
    EXPECT_EQ(kind("as:io:applicationpackages:uid:app1.dev1:1:list"), hand_over_list);
    EXPECT_EQ(kind("as:io:applicationpackages:transaction:app1.dev1:1:lora-cloud:lock"), lock_helper);
    EXPECT_EQ(kind("as:io:applicationpackages:transaction:app1.dev1:1:lora-cloud"), std::nullopt);
    EXPECT_EQ(kind("ns:devices:uid:app1.dev1:lock:lock"), std::nullopt);
    // A webhook may be called so; the set of an application's webhooks is never locked.
    EXPECT_EQ(kind("as:io:webhooks:uid:app1:lock"), as_webhook);
    EXPECT_EQ(kind("as:io:webhooks:uid:app1:lock:list"), hand_over_list);
    EXPECT_EQ(kind("tti:whatever:lock"), own);
}

TEST(Keys, GlobsTakeTheNameSpaceLiterally) {
    const std::vector<std::string> odd{"t*n", "[v?]", "a\\b"};
    const Keys keys(odd);
    EXPECT_EQ(keys.glob(as_device), R"(t\*n:\[v\?\]:a\\b:as:devices:uid:*)");
    EXPECT_EQ(keys.glob_below("ns:"), R"(t\*n:\[v\?\]:a\\b:ns:*)");
    EXPECT_EQ(kind_of(keys, "t*n:[v?]:a\\b:as:schema-version"), as_schema_version);
    EXPECT_EQ(kind_of(keys, "txn:[v?]:a\\b:as:schema-version"), std::nullopt);
}

TEST(Keys, GlobsAreNarrow) {
    const Keys keys(usual);
    EXPECT_EQ(keys.glob(ns_current), "ttn:v3:ns:devices:addr:????????:current");
    EXPECT_EQ(keys.glob(js_session_key), "ttn:v3:js:keys:id:????????????????:????????????????:*");
    EXPECT_EQ(keys.glob(lock_helper), "ttn:v3:*:lock");
    const std::array uplinks{ns_legacy_uplinks, ns_legacy_invalidation};
    EXPECT_EQ(keys.glob(uplinks), "ttn:v3:ns:application-uplinks:uid:*");
    const std::array session_keys{js_session_key, js_session_key_ids};
    EXPECT_EQ(keys.glob(session_keys), "ttn:v3:js:keys:id*");
    const std::array servers{ns_device, js_device};
    EXPECT_EQ(keys.glob(servers), "ttn:v3:*");
    const std::array one{as_device};
    EXPECT_EQ(keys.glob(one), keys.glob(as_device));
    EXPECT_THROW((void)keys.glob(std::span<const KeyKind>()), std::logic_error);
}

TEST(Keys, PartsMustBeAsManyAsThePatternHas) {
    const Keys keys(usual);
    EXPECT_THROW((void)keys.key(ns_device), std::logic_error);
    EXPECT_THROW((void)keys.key(ns_device, {"app1.dev1", "more"}), std::logic_error);
    EXPECT_THROW((void)keys.key(as_schema_version, {"more"}), std::logic_error);
}

TEST(Keys, EveryOwnerHasAName) {
    for (const KeyRule& rule : key_rules()) {
        EXPECT_FALSE(describe(rule.owner).empty());
        EXPECT_FALSE(rule.words.empty());
    }
}

}  // namespace
}  // namespace tti::lorawan
