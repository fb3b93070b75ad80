#include "lorawan/address_fields.hpp"

#include <gtest/gtest.h>

#include "bytes.hpp"

namespace tti::lorawan {
namespace {

const std::string key = bytes_of("a0a1a2a3a4a5a6a7a8a9aaabacadaeaf");

struct Vector {
    AddressFields fields;
    bool pending = false;
    std::string hex;
};

AddressFields made(KeyEnvelope envelope, std::uint8_t version) {
    AddressFields fields;
    fields.f_nwk_s_int_key = std::move(envelope);
    fields.lorawan_version = version;
    return fields;
}

AddressFields counted() {
    AddressFields fields = made({key, "", ""}, 5);
    fields.last_f_cnt = 70000;
    fields.resets_f_cnt = true;
    fields.supports_32_bit_f_cnt = false;
    return fields;
}

std::vector<Vector> made_vectors() {
    std::vector<Vector> all(3);
    all[0].fields = counted();
    all[0].hex =
        "85af665f6e776b5f735f696e745f6b657981a36b6579d9206130613161326133613461356136613761386139616161626163"
        "616461"
        "656166af6c6f726177616e5f76657273696f6ecc05aa6c6173745f665f636e74ce00011170ac7265736574735f665f636e74"
        "81a576"
        "616c7565c3b5737570706f7274735f33325f6269745f665f636e7481a576616c7565c2";
    all[1].fields = made({"", "kek", bytes_of("010203")}, 4);
    all[1].pending = true;
    all[1].hex =
        "82af665f6e776b5f735f696e745f6b657982a96b656b5f6c6162656ca36b656bad656e637279707465645f6b6579a6303130"
        "323033"
        "af6c6f726177616e5f76657273696f6ecc04";
    all[2].fields = made({}, 5);
    all[2].hex = "82af665f6e776b5f735f696e745f6b657980af6c6f726177616e5f76657273696f6ecc05";
    return all;
}
const std::vector<Vector> vectors = made_vectors();

// A pair of a map, by the bytes of the specification.
std::string name(std::string_view text) {
    return static_cast<char>(0xA0U | text.size()) + std::string(text);
}

TEST(AddressFields, AreByteForByteWhatTheStackWrites) {
    for (const Vector& vector : vectors) {
        EXPECT_EQ(hex_of(encode(vector.fields)), vector.hex);
        const auto bytes = bytes_of(vector.hex);
        EXPECT_EQ((vector.pending ? decode_pending(bytes) : decode_current(bytes)).value(), vector.fields);
    }
}

TEST(AddressFields, OfAnyLengthComeBack) {
    for (const std::size_t length : {1U, 31U, 32U, 255U, 256U, 65535U, 65536U}) {
        const AddressFields fields{
            {key, std::string(length, 'k'), std::string(length, '\x01')}, 6, 1, false, {}};
        EXPECT_EQ(decode_current(encode(fields)).value(), fields);
    }
}

TEST(AddressFields, EveryCutIsRefused) {
    for (const Vector& vector : vectors) {
        const auto bytes = bytes_of(vector.hex);
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            EXPECT_FALSE(decode_current(bytes.substr(0, size)).has_value());
        }
        EXPECT_FALSE(decode_current(bytes + "x").has_value());
    }
}

TEST(AddressFields, UnknownAndSurplusKeysAreRefused) {
    EXPECT_FALSE(decode_current("\x81" + name("other") + "\x01").has_value());
    EXPECT_FALSE(decode_pending("\x81" + name("last_f_cnt") + "\x01").has_value());
    EXPECT_FALSE(decode_current("\x81" + name("FNwkSIntKey") + "\x80").has_value());
    const std::string version = name("lorawan_version") + "\x01";
    EXPECT_FALSE(decode_pending("\x83" + version + version + version).has_value());
    EXPECT_TRUE(decode_pending("\x82" + version + version).has_value());
    EXPECT_FALSE(
        decode_current("\x86" + version + version + version + version + version + version).has_value());
}

TEST(AddressFields, OtherFormsOfNumbersAreRead) {
    const auto counter = [](const std::string& form) {
        const auto fields = decode_current("\x81" + name("last_f_cnt") + form);
        return fields ? std::optional(fields->last_f_cnt) : std::nullopt;
    };
    EXPECT_EQ(counter("\x07"), 7U);
    EXPECT_EQ(counter(bytes_of("cd0102")), 0x102U);
    EXPECT_EQ(counter(bytes_of("cf00000000fffffffe")), 0xFFFFFFFEU);
    EXPECT_EQ(counter(bytes_of("d205060708")), 0x05060708U);
    EXPECT_EQ(counter(bytes_of("cf0000000100000000")), std::nullopt);
    EXPECT_EQ(counter(bytes_of("ff")), std::nullopt);
    EXPECT_EQ(counter(bytes_of("d1ffff")), std::nullopt);
    EXPECT_EQ(counter(bytes_of("a131")), std::nullopt);
}

TEST(AddressFields, KeysOfAnotherSizeAreRefused) {
    const auto with_key = [](const std::string& hex) {
        return decode_current("\x81" + name("f_nwk_s_int_key") + "\x81" + name("key") + hex).has_value();
    };
    EXPECT_TRUE(with_key(bytes_of("d920") + "A0a1a2a3a4a5a6a7a8a9aaabacadaeaf"));
    EXPECT_FALSE(with_key(bytes_of("d920") + "g0a1a2a3a4a5a6a7a8a9aaabacadaeaf"));
    EXPECT_FALSE(with_key(name("a0a1")));
    EXPECT_FALSE(with_key(name("a0a")));
    EXPECT_FALSE(with_key(bytes_of("c410") + key));  // as bytes: the layout of snapshots of 3.11
}

// What snapshots of 3.11 wrote is converted from the record, and read by no server of today.
TEST(AddressFields, OfSnapshotsAreRefused) {
    const std::string old = bytes_of("82") + name("FNwkSIntKey") + bytes_of("81") + name("key") +
                            bytes_of("c410") + key + name("LoRaWANVersion") + bytes_of("cc05");
    EXPECT_FALSE(decode_current(old).has_value());
    EXPECT_FALSE(decode_pending(old).has_value());
}

}  // namespace
}  // namespace tti::lorawan
