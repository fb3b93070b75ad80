#include "join_server/session_key_id.hpp"

#include <algorithm>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "util/base64.hpp"

namespace tti::join_server {
namespace {

std::string random_bytes(std::mt19937& random) {
    std::string bytes(std::uniform_int_distribution<std::size_t>(1, 18)(random), '\0');
    // Few values, so that one is often the beginning of another.
    for (char& byte : bytes) byte = "\x00\x01\x3f\xfe\xff"[std::uniform_int_distribution(0, 4)(random)];
    return bytes;
}

TEST(SessionKeyId, IsOrderedAsItsBytesAre) {
    std::mt19937 random(1);  // NOLINT: the same every time
    for (int round = 0; round < 20'000; ++round) {
        const auto a = random_bytes(random);
        const auto b = random_bytes(random);
        ASSERT_EQ(is_older(util::base64(a), util::base64(b)), a < b);
    }
}

TEST(SessionKeyId, HasOneTextOnly) {
    std::mt19937 random(2);  // NOLINT: the same every time
    for (int round = 0; round < 1'000; ++round) {
        const auto text = util::base64(random_bytes(random));
        EXPECT_FALSE(fault_of_session_key_id(text)) << text;
    }
    for (const auto* text : {"", "A", "AAAAA", "AB", "AAB", "AA==", "A-", "A_AA"}) {
        EXPECT_TRUE(fault_of_session_key_id(text)) << text;
    }
}

TEST(SessionKeyId, TellsTheTimeOfAUlid) {
    const auto bytes = std::string("\x01\x74\x87\x6e\x80\x00", 6) + std::string(10, 'x');
    const auto time = time_of_session_key_id(util::base64(bytes));
    ASSERT_TRUE(time);
    EXPECT_EQ(time->time_since_epoch().count(), 0x0174876e8000);
    EXPECT_FALSE(time_of_session_key_id("AAAA"));
}

}  // namespace
}  // namespace tti::join_server
