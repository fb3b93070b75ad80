#include "lorawan/wire.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "bytes.hpp"

namespace tti::lorawan::wire {
namespace {

std::vector<Field> fields(std::string_view message) {
    std::vector<Field> all;
    Reader reader(message);
    for (auto field = reader.next(); field.value(); field = reader.next()) {
        all.push_back(**field);
    }
    return all;
}

std::string refusal(const std::string& hex) {
    const std::string message = bytes_of(hex);
    Reader reader(message);
    while (true) {
        const auto field = reader.next();
        if (!field) return field.error();
        if (!*field) return "accepted";
    }
}

TEST(Wire, WalksFieldsOfEveryType) {
    const std::string message = bytes_of(
        "089601"
        "1207"
        "74657374696e67"
        "1d01020304"
        "210102030405060708"
        "2b3001"
        "2c"
        "c00c2a");
    const auto all = fields(message);
    ASSERT_EQ(all.size(), 6U);
    EXPECT_EQ(all[0].number, 1U);
    EXPECT_EQ(all[0].scalar, 150U);
    EXPECT_EQ(all[1].content, "testing");
    EXPECT_EQ(all[2].scalar, 0x04030201U);
    EXPECT_EQ(all[3].scalar, 0x0807060504030201ULL);
    EXPECT_EQ(all[4].type, Type::group_start);
    EXPECT_EQ(hex_of(all[4].content), "3001");
    EXPECT_EQ(hex_of(all[4].whole), "2b30012c");
    EXPECT_EQ(all[5].number, 200U);
    std::string together;
    for (const Field& field : all) {
        together += field.whole;
    }
    EXPECT_EQ(together, message);
}

TEST(Wire, RefusesWhatIsMalformed) {
    EXPECT_EQ(refusal(""), "accepted");
    for (const char* hex : {
             "08",                                            // no value
             "0880",                                          // varint that never ends
             "08ffffffffffffffffffff01",                      // more than ten bytes
             "08ffffffffffffffffff02",                        // more than 64 bits
             "1203aabb",                                      // too short
             "12ffffffffffffffffff01aa",                      // a length beyond everything
             "1d010203", "2101020304050607", "0601", "0701",  // wire types 6 and 7
             "0001",                                          // field 0
             "8080808010"
             "01",                // field 2^29
             "2b3001", "2b302c",  // group without end, and one that swallows it
             "2b34", "2c",        // the wrong end, and one without beginning
         }) {
        EXPECT_NE(refusal(hex), "accepted") << hex;
    }
    EXPECT_EQ(refusal("08ffffffffffffffffff01"), "accepted");
    EXPECT_EQ(refusal("f8ffffff0f01"), "accepted");
}

TEST(Wire, EndlessGroupsDoNotExhaustTheStack) {
    const std::string message(1000000, '\x2b');
    Reader reader(message);
    EXPECT_FALSE(reader.next().has_value());
    EXPECT_FALSE(reader.next().value().has_value());
}

TEST(Wire, WritesWhatItReads) {
    std::string message;
    append_scalar(message, 1, 150);
    append_scalar(message, 200, ~0ULL);
    append_bytes(message, 26, "testing");
    EXPECT_EQ(hex_of(message),
              "089601"
              "c00cffffffffffffffffff01"
              "d20107"
              "74657374696e67");
}

}  // namespace
}  // namespace tti::lorawan::wire
